/** The languages that invented residents write in, with what they say. */
export const LANGUAGES = ['eng', 'ben', 'ara'] as const;
export type SpokenLanguage = (typeof LANGUAGES)[number];

interface Words {
  stop: string;
  start: string;
  erase: string;
  skip: string;
  yes: string;
  no: string;
  services: readonly string[];
  better: readonly string[];
  stories: readonly string[];
  /** Digits as written. */
  digits: string;
}

export const WORDS: Readonly<Record<SpokenLanguage, Words>> = {
  eng: {
    stop: 'STOP',
    start: 'START',
    erase: 'delete',
    skip: 'skip',
    yes: 'yes',
    no: 'no',
    digits: '0123456789',
    services: ['the GP on Mile End Road', 'my dentist', 'the pharmacy'],
    better: ['Somebody who listens and explains what will happen next', 'A shorter wait, and a chair to sit on'],
    stories: [
      'The nurse was kind but we waited three hours in the corridor before anybody came to see my mother',
      'I rang the surgery every morning for a week and never got an appointment for my son',
      'The doctor explained everything to me slowly and I went home feeling that someone had listened',
      'They lost my blood test results and I had to come back and do the whole thing again',
    ],
  },
  ben: {
    stop: 'বন্ধ',
    start: 'শুরু',
    erase: 'মুছুন',
    skip: 'বাদ',
    yes: 'হ্যাঁ',
    no: 'না',
    digits: '০১২৩৪৫৬৭৮৯',
    services: ['আমার ডাক্তারখানা', 'দাঁতের ডাক্তার', 'ফার্মেসি'],
    better: ['কেউ যদি আমার ভাষায় বুঝিয়ে বলত তাহলে ভালো হতো', 'অপেক্ষার সময় আরও কম হলে ভালো হতো'],
    stories: [
      'নার্স খুব ভালো ছিলেন কিন্তু আমার মাকে দেখার আগে আমরা তিন ঘণ্টা করিডোরে অপেক্ষা করেছি',
      'আমি এক সপ্তাহ ধরে প্রতিদিন সকালে ফোন করেছি কিন্তু ছেলের জন্য কোনো অ্যাপয়েন্টমেন্ট পাইনি',
      'ডাক্তার ধীরে ধীরে সব কিছু বুঝিয়ে বলেছেন এবং আমি খুশি মনে বাড়ি ফিরেছি',
      'তারা আমার রক্ত পরীক্ষার ফলাফল হারিয়ে ফেলেছে তাই আবার যেতে হয়েছে',
    ],
  },
  ara: {
    stop: 'توقف',
    start: 'ابدأ',
    erase: 'حذف',
    skip: 'تخطي',
    yes: 'نعم',
    no: 'لا',
    digits: '٠١٢٣٤٥٦٧٨٩',
    services: ['عيادة الطبيب', 'طبيب الأسنان', 'الصيدلية'],
    better: ['أن يشرح لي أحد ما سيحدث بعد ذلك بلغتي', 'أن يكون الانتظار أقصر مما كان عليه'],
    stories: [
      'كانت الممرضة لطيفة جدا لكننا انتظرنا ثلاث ساعات في الممر قبل أن يأتي أحد لرؤية أمي',
      'اتصلت بالعيادة كل صباح لمدة أسبوع ولم أحصل على موعد لابني حتى الآن',
      'شرح لي الطبيب كل شيء ببطء وعدت إلى البيت وأنا أشعر أن هناك من استمع إلي',
      'لقد فقدوا نتائج تحليل الدم واضطررت إلى العودة وإجراء التحليل مرة أخرى',
    ],
  },
};

/** A number in the digits of a language. */
export function inDigits(number: number, language: SpokenLanguage): string {
  return String(number).replace(/\d/g, (digit) => WORDS[language].digits[Number(digit)] ?? digit);
}
