/** One story and what must be suggested for it: `code:sentiment` for issues, `stage:code` for stages, `!code` for what must not. */
export interface SuggestionCase {
  label: string;
  language: string;
  text: string;
  expected: string[];
}

const rows = (language: string, table: readonly (readonly [string, string, string])[]): SuggestionCase[] =>
  table.map(([label, text, expected]) => ({ label, language, text, expected: expected.split(' ') }));

const english = rows('eng', [
  [
    'mixed by clause',
    'The nurse was lovely but the wait was terrible.',
    'staff-attitude:+ timely-access:- stage:nursing',
  ],
  [
    'mixed the other way',
    'Long wait, however the doctor was very kind',
    'timely-access:- staff-attitude:+ stage:treatment',
  ],
  ['mixed by comma', 'Lovely nurse, awful parking', 'staff-attitude:+ travel-parking:-'],
  ['not rude', 'The receptionist was not rude at all', 'staff-attitude:+'],
  ['rude', 'The receptionist was very rude', 'staff-attitude:- stage:reception'],
  ['no wait', 'There was no wait, I went straight in', 'timely-access:+'],
  ['did not explain', "The doctor didn't explain my results", 'advice-information:- stage:diagnosis'],
  ['curly apostrophe', 'They didn’t explain anything', 'advice-information:-'],
  ['explained', 'The doctor explained everything clearly', 'advice-information:+'],
  ['not clean', 'The ward was not clean', 'hygiene:-'],
  ['clean', 'Everything was spotless and tidy', 'hygiene:+'],
  ['dirty', 'The toilets were dirty and smelly', 'hygiene:-'],
  ['never listened', 'He never listened to me', 'user-involvement:-'],
  ['listened', 'She really listened and took me seriously', 'user-involvement:+'],
  ['telephone', "I can't get through on the phone", 'telephone:- stage:reception'],
  ['on hold', 'Was on hold for 45 minutes then cut off', 'telephone:-'],
  ['booking', 'Impossible to get an appointment with my GP', 'booking:- stage:reception stage:treatment'],
  ['cancelled', 'My operation was cancelled twice', 'cancellation:- stage:treatment'],
  ['not cancelled', 'It was never cancelled', 'cancellation:+'],
  ['medication', 'They gave me the wrong medication', 'medication:-'],
  ['food', 'The food was cold and disgusting', 'nutrition:-'],
  ['good food', 'The food was delicious', 'nutrition:+'],
  ['interpreter', 'There was no interpreter for my mother', 'language:-'],
  ['interpreter present', 'The interpreter was excellent', 'language:+'],
  ['cost', 'It was too expensive and I could not afford it', 'cost:-'],
  ['lift', 'The lift was broken so I could not get upstairs', 'mobility:-'],
  ['parking', 'There is nowhere to park and the parking is awful', 'travel-parking:- stage:transport'],
  ['privacy', 'No privacy, everyone could hear', 'privacy:-'],
  ['registration', 'They refused to register me without proof of address', 'registration:-'],
  ['referral', 'Still waiting for my referral to the hospital', 'referral:- timely-access:- stage:follow-on'],
  ['discharge', 'I was discharged without my tablets', 'medication:- stage:discharge'],
  ['short staffed', 'They are very short staffed at night', 'staffing-levels:-'],
  ['training', 'The staff need more training', 'staff-training:-'],
  ['racism', 'The security guard was racist', 'security-conduct:-'],
  ['complaint', 'I made a complaint and heard nothing back', 'complaint:-'],
  ['records', 'My medical records were lost', 'medical-records:-'],
  ['confidentiality', 'They breached my confidentiality', 'data-protection:-'],
  ['opening hours', 'The opening hours are bad for working people', 'opening-hours:-'],
  ['choice', 'I asked for a female doctor and had no choice', 'choice:-'],
  ['waiting room is a place', 'The waiting room is nice', 'environment-layout:+ !timely-access'],
  ['wheelchair', 'No wheelchair was available', 'equipment:-'],
  ['hard of hearing', 'I am deaf and nobody could sign', 'sensory:-'],
  ['praise', 'Excellent service, thank you', 'quality:+'],
  ['double negative praise', "I can't fault the care", 'quality:+'],
  ['poor', 'Terrible service, appalling care', 'quality:-'],
  ['typo in a long word', 'The recepcionist was rude', 'staff-attitude:- stage:reception'],
  ['typo medication', 'Nobody knew about my medicaton', 'medication:-'],
  ['no typo: content', 'The content of the website', '!data-protection'],
  ['blood test', 'Waited weeks for my blood test results', 'timely-access:- stage:diagnosis'],
  ['social worker', 'My social worker has been brilliant', 'stage:community'],
  ['nothing at all', 'asdf qwerty', 'general-comment:0'],
  ['capital letters', 'THE NURSE WAS RUDE', 'staff-attitude:-'],
]);

const bengali = rows('ben', [
  [
    'mixed by clause',
    'নার্স খুব আন্তরিক ছিলেন কিন্তু অনেকক্ষণ অপেক্ষা করতে হয়েছে।',
    'staff-attitude:+ timely-access:- stage:nursing',
  ],
  ['good behaviour', 'ডাক্তারের ব্যবহার খুব ভালো', 'staff-attitude:+ stage:treatment'],
  ['not good', 'রিসেপশনিস্টের ব্যবহার ভালো না', 'staff-attitude:- stage:reception'],
  ['everyday negation', 'ব্যবহার ভালা নাই, খারাপ', 'staff-attitude:-'],
  ['did not listen', 'ডাক্তার আমার কথা শোনেনি', 'user-involvement:-'],
  ['did not listen, two words', 'ডাক্তার আমার কথা শোনে নি', 'user-involvement:-'],
  ['explained', 'সব বুঝিয়ে বলেছেন', 'advice-information:+'],
  ['told nothing', 'আমাকে কিছুই বলেনি', 'advice-information:-'],
  ['telephone', 'ফোন করলে কেউ ফোন ধরে না', 'telephone:- stage:reception'],
  ['spelling of appointment', 'আপয়েন্টমেন্ট পাওয়া যায় না', 'booking:-'],
  ['another spelling', 'এপয়েন্টমেন্ট পাওয়া যায় না', 'booking:-'],
  ['dirty', 'টয়লেট খুব নোংরা', 'hygiene:-'],
  ['clean, everyday spelling', 'ওয়ার্ড পরিস্কার ছিল', 'hygiene:+'],
  ['medicine', 'ঔষধ পাইনি', 'medication:-'],
  ['interpreter', 'কোনো দোভাষী ছিল না', 'language:-'],
  ['food', 'খাবার খারাপ', 'nutrition:-'],
  ['late', 'সব সময় দেরী করে', 'timely-access:-'],
  ['quick', 'খুব দ্রুত সেবা পেয়েছি', 'timely-access:+'],
  ['inflected nurse', 'নার্সদের ব্যবহার চমৎকার', 'staff-attitude:+ stage:nursing'],
  ['English word in Bengali', 'আমার appointment cancel করেছে', 'cancellation:-'],
  ['nothing known', 'আমি কাল বাজারে যাব', 'general-comment:0'],
]);

const romanised = rows('ben-Latn', [
  ['romanised mixed', 'doctor er bebohar khub bhalo kintu onek deri hoy', 'staff-attitude:+ timely-access:-'],
  ['romanised v', 'bebohar valo na', 'staff-attitude:-'],
  ['romanised phone', 'phone dhore na', 'telephone:-'],
  ['romanised medicine', 'oshudh pai nai', 'medication:-'],
  ['romanised cost', 'onek taka lage', 'cost:-'],
]);

const arabic = rows('ara', [
  ['mixed by clause', 'الممرضة كانت لطيفة لكن الانتظار كان طويلا', 'staff-attitude:+ timely-access:- stage:nursing'],
  ['negated adjective', 'المكان غير نظيف', 'hygiene:-'],
  ['clean', 'المستشفى نظيف', 'hygiene:+'],
  ['did not explain', 'الطبيب لم يشرح لي شيئا', 'advice-information:- stage:treatment'],
  ['did not listen, colloquial', 'الدكتور ما يسمع', 'user-involvement:-'],
  ['rude', 'موظفة الاستقبال وقحة', 'staff-attitude:- stage:reception'],
  ['not rude', 'لم تكن وقحة', 'staff-attitude:+'],
  ['clitics', 'وللأدوية آثار جانبية سيئة', 'medication:-'],
  ['marks and tatweel', 'المُمَرِّضَةُ لَطِيفَـــةٌ', 'staff-attitude:+ stage:nursing'],
  ['telephone', 'لا أحد يرد على الهاتف', 'telephone:-'],
  ['interpreter', 'لا يوجد مترجم', 'language:-'],
  ['appointment', 'صعب أحجز موعد', 'booking:-'],
  ['cancelled', 'ألغوا موعدي', 'cancellation:-'],
  ['without alef hamza', 'الغاء الموعد', 'cancellation:-'],
  ['food', 'الأكل سيء', 'nutrition:-'],
  ['quick', 'خدمة سريعة', 'timely-access:+'],
  ['no delay', 'دخلنا بدون تأخير', 'timely-access:+'],
  ['praise', 'شكرا لكم خدمة ممتازة', 'quality:+'],
  ['nothing known', 'ذهبت إلى السوق', 'general-comment:0'],
]);

export const suggestionCases: readonly SuggestionCase[] = [...english, ...bengali, ...romanised, ...arabic];
