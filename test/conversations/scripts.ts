import type { TalkChannel } from '../support/talk.ts';

/** Scripted residents. All are invented. Each plays on the channel named and is kept as a transcript beside this file. */
export interface Script {
  name: string;
  channel: TalkChannel;
  lines: string[];
}

const STORY = 'I waited five hours at the Royal London and nobody told me anything';

// prettier-ignore
export const SCRIPTS: readonly Script[] = [
  { name: 'eng-patient', channel: 'whatsapp', lines: ['Hi', 'yes please', STORY, 'yes', 'treatment and nursing', '2', 'Tell people how long they will wait', '(press 1)', 'no thanks'] },
  { name: 'eng-patient', channel: 'sms', lines: ['Hi', 'yes please', STORY, 'yes', '1 and 3', '2', 'Tell people how long they will wait', '1', 'no thanks'] },
  { name: 'eng-terse', channel: 'sms', lines: ['hi', 'y', 'long wait', 'gp', '2', '3', 'skip', 'n', 'n'] },
  { name: 'eng-angry', channel: 'sms', lines: ['Your dentist is a DISGRACE!!! 3 months waiting', 'what is this', 'YES FINE', 'I dont know the name', 'treatment was terrible and reception even worse they laughed at me', 'very bad', 'sack them', 'No way', 'bye'] },
  { name: 'eng-confused', channel: 'whatsapp', lines: ['??', 'hello dear', 'what do you want', 'maybe', 'what?', 'ok', 'eh', 'the tablets they gave me at the chemist made me dizzy', 'pharmacy', 'umm', 'umm', 'umm', '👎', 'more information', 'maybe', 'maybe', 'maybe', '?'] },
  { name: 'eng-back-and-skip', channel: 'whatsapp', lines: ['My GP surgery never answers the phone', 'yes', 'BACK', 'skip', 'Harford surgery', '2', 'back', 'back', 'st barts', '3', 'skip', 'again', 'back', 'Answer the phone', 'back', 'SKIP', 'no', 'no'] },
  { name: 'eng-back-to-consent', channel: 'sms', lines: ['The nurse was rude to my mum', 'yes', 'back', 'back', 'no'] },
  { name: 'eng-nothing-to-tell', channel: 'sms', lines: ['hello', 'yes', 'skip', 'skip', 'skip', 'skip', 'skip', 'ok', 'My dentist was great'] },
  { name: 'eng-stop-in-the-middle', channel: 'whatsapp', lines: ['I had a bad time at Barts hospital', 'yes', 'STOP.', 'Stop the noise from the building site', 'and the food was cold', 'START', 'yes'] },
  { name: 'eng-stop-in-the-middle', channel: 'sms', lines: ['I had a bad time at Barts hospital', 'yes', 'STOP', 'and the food was cold', 'START', 'yes'] },
  { name: 'eng-stop-and-agree', channel: 'webchat', lines: ['stop', 'the ward was dirty and cold', 'yes', 'yes', 'new'] },
  { name: 'eng-consent-no', channel: 'sms', lines: ['the receptionist shouted at me', 'no', 'thanks', 'the doctor was kind today though', 'yes'] },
  { name: 'eng-consent-unclear', channel: 'whatsapp', lines: ['the ward was filthy and nobody cared', 'who are you', 'she waited all night with no water', 'maybe', 'maybe', 'hmm', 'yes'] },
  { name: 'eng-after-the-end', channel: 'sms', lines: ['long wait at the dentist on Roman Road', 'yes', 'Roman Road Dental', 'reception', 'bad', 'more staff', 'n', 'thank you', 'ok', 'The pharmacist in Bow was lovely though', 'not sure', 'treatment', '5/5', 'nothing', 'yes', 'the bus to the hospital takes an hour'] },
  { name: 'eng-new', channel: 'whatsapp', lines: ['the nurse at mile end hospital was kind', 'yes', 'new', 'the food was cold', 'hospital', '3', 'bye'] },
  { name: 'eng-delete', channel: 'whatsapp', lines: ['The GP did not listen to me', 'yes', 'delete my data', 'hmm', 'DELETE', '(press 1)', 'hello'] },
  { name: 'eng-person-and-help', channel: 'sms', lines: ['help', 'can someone call me', 'The nurse shouted at my dad', 'HELP!', 'yes'] },
  { name: 'eng-burst', channel: 'whatsapp', lines: ['[photo]', '+2s [voice]', '+2s this is the ward', '+1s no one cleaned it', '+1s for three days', 'yes', 'royl lndon', 'leaving and nurses', '[photo] look at this', '[voice]', '[voice]', '1'] },
  { name: 'eng-code-mixed', channel: 'whatsapp', lines: ['My GP এর receptionist খুব rude ছিল', 'yes', 'gp surgery', 'reception', 'khub kharap', 'ভালো ব্যবহার', 'ha', 'na'] },
  { name: 'eng-switches', channel: 'whatsapp', lines: ['Hello', 'yes', 'My mum was at Mile End hospital and the nurses were so kind to her', 'হ্যাঁ ঠিক', 'নার্সদের সেবা', 'খুব ভালো লেগেছে আমার', 'না কিছু না', 'হ্যাঁ', 'english', 'no'] },
  { name: 'eng-another-language', channel: 'whatsapp', lines: ['Czekałem trzy godziny na lekarza w szpitalu i nikt mi nie pomógł', 'yes', 'language', '(press 2)'] },
  { name: 'ben-patient', channel: 'whatsapp', lines: ['হ্যালো', 'হ্যাঁ', 'হাসপাতালে চার ঘণ্টা বসে ছিলাম, কেউ কিছু বলেনি', 'রয়েল লন্ডন', '২ ও ৪', 'খারাপ', 'কতক্ষণ লাগবে সেটা বললে ভালো হতো', 'হ্যাঁ', 'না'] },
  { name: 'ben-patient', channel: 'sms', lines: ['হাসপাতালে চার ঘণ্টা বসে ছিলাম, কেউ কিছু বলেনি', 'হ্যাঁ', 'রয়েল লন্ডন', '২ ও ৪', '২', 'বাদ', '২', 'না'] },
  { name: 'ben-voice-only', channel: 'whatsapp', lines: ['[voice]', 'bangla', '[voice]', 'হ্যাঁ', '[voice]', '[voice]', '[voice]', '[voice]', '৩', '[voice]', '৪', '[voice]', 'না', 'না'] },
  { name: 'ben-confused', channel: 'sms', lines: ['সালাম', 'কী?', 'আপনি কে', 'জি', 'আমার মা', 'ডাক্তার', 'জানি না', 'কলা', 'কলা', 'কলা', 'কলা', 'মোটামুটি', 'আবার', 'না', 'না', 'ধন্যবাদ'] },
  { name: 'ben-delete', channel: 'whatsapp', lines: ['নার্স খুব রুক্ষ ছিলেন', 'হ্যাঁ', 'মুছুন', 'না', 'মুছে দিন', '(press 1)'] },
  { name: 'ben-stop-and-person', channel: 'whatsapp', lines: ['ডাক্তার আমার কথা শোনেননি', 'মানুষ', 'বন্ধ', 'ওষুধও দেননি', 'শুরু', 'সাহায্য'] },
  { name: 'ben-back', channel: 'sms', lines: ['দাঁতের ডাক্তার খুব ভালো ছিলেন', 'হ্যাঁ', 'জানি না', '৪', '৫', 'পেছনে', '৪', 'আগের প্রশ্ন', 'বাদ', 'অপেক্ষা কমান', 'না', 'হ্যাঁ', 'ফার্মেসিতে ওষুধ ছিল না'] },
  { name: 'ara-patient', channel: 'whatsapp', lines: ['انتظرت ثلاث ساعات في عيادة طبيب الأسنان', 'نعم', 'لا أعرف الاسم', '٢ و٤', '٢', 'موعد أسرع', 'نعم', 'لا شكرا'] },
  { name: 'ara-patient', channel: 'sms', lines: ['مرحبا', 'نعم', 'الممرضة كانت لطيفة جدا معي', 'رويال لندن', 'التمريض', 'ممتازة', 'لا شيء', 'لا', 'لا'] },
  { name: 'ara-consent-no', channel: 'whatsapp', lines: ['موظفة الاستقبال صرخت في وجهي', 'لا', 'شكرا'] },
  { name: 'ara-person-and-stop', channel: 'sms', lines: ['مرحبا', 'أريد التحدث مع شخص', 'من أنتم', 'مساعدة', 'نعم', 'توقف'] },
  { name: 'ara-back-and-unclear', channel: 'whatsapp', lines: ['الطبيب لم يسمعني', 'نعم', 'طبيب العائلة', 'موز', 'العلاج', 'موز', 'موز', '٣', 'رجوع', 'سيئة', 'تخطي', 'رجوع', 'الاستماع إلينا', 'نعم', 'شكرا'] },
];
