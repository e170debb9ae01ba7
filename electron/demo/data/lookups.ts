/** What the system-level lookups answer. */

export const LANGUAGES = [
  { language: 'English', locale: 'en_US', encoding: 'ISO-8859-1' },
  { language: 'French', locale: 'fr_FR', encoding: 'ISO-8859-1' },
  { language: 'German', locale: 'de_DE', encoding: 'ISO-8859-1' },
  { language: 'Spanish', locale: 'es_ES', encoding: 'ISO-8859-1' },
  { language: 'Italian', locale: 'it_IT', encoding: 'ISO-8859-1' },
  { language: 'Dutch', locale: 'nl_NL', encoding: 'ISO-8859-1' },
  { language: 'Portuguese', locale: 'pt_PT', encoding: 'ISO-8859-1' },
  { language: 'Norwegian', locale: 'no_NO', encoding: 'ISO-8859-1' },
  { language: 'Swedish', locale: 'sv_SE', encoding: 'ISO-8859-1' },
  { language: 'Polish', locale: 'pl_PL', encoding: 'UTF-8' },
  { language: 'Japanese', locale: 'ja_JP', encoding: 'UTF-8' },
] as const

export const DEFAULT_LANGUAGE = 'English'

const zone = (key: string, displayName: string) => ({ key, displayName })

export const TIME_ZONES = [
  zone('America/Los_Angeles', '(GMT-08:00) (US) Pacific Time'),
  zone('America/Vancouver', '(GMT-08:00) (Canada) Pacific Time'),
  zone('America/Denver', '(GMT-07:00) (US) Mountain Time'),
  zone('America/Chicago', '(GMT-06:00) (US) Central Time'),
  zone('America/New_York', '(GMT-05:00) (US) Eastern Time'),
  zone('America/Toronto', '(GMT-05:00) (Canada) Eastern Time'),
  zone('America/Sao_Paulo', '(GMT-03:00) Brasilia'),
  zone('Europe/London', '(GMT+00:00) Greenwich Mean Time'),
  zone('Europe/Dublin', '(GMT+00:00) Dublin'),
  zone('Europe/Lisbon', '(GMT+00:00) Lisbon'),
  zone('Europe/Amsterdam', '(GMT+01:00) Amsterdam'),
  zone('Europe/Berlin', '(GMT+01:00) Berlin'),
  zone('Europe/Brussels', '(GMT+01:00) Brussels'),
  zone('Europe/Madrid', '(GMT+01:00) Madrid'),
  zone('Europe/Oslo', '(GMT+01:00) Oslo'),
  zone('Europe/Paris', '(GMT+01:00) Paris'),
  zone('Europe/Prague', '(GMT+01:00) Prague'),
  zone('Europe/Rome', '(GMT+01:00) Rome'),
  zone('Europe/Stockholm', '(GMT+01:00) Stockholm'),
  zone('Europe/Vienna', '(GMT+01:00) Vienna'),
  zone('Europe/Warsaw', '(GMT+01:00) Warsaw'),
  zone('Europe/Zurich', '(GMT+01:00) Zurich'),
  zone('Europe/Athens', '(GMT+02:00) Athens'),
  zone('Europe/Kiev', '(GMT+02:00) Kyiv'),
  zone('Europe/Sofia', '(GMT+02:00) Sofia'),
  zone('Asia/Jerusalem', '(GMT+02:00) Jerusalem'),
  zone('Europe/Istanbul', '(GMT+03:00) Istanbul'),
  zone('Asia/Kolkata', '(GMT+05:30) Kolkata'),
  zone('Asia/Taipei', '(GMT+08:00) Taipei'),
  zone('Asia/Seoul', '(GMT+09:00) Seoul'),
  zone('Asia/Tokyo', '(GMT+09:00) Tokyo'),
  zone('Australia/Sydney', '(GMT+10:00) Sydney'),
] as const

export const STATES = [
  'Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|District of Columbia|Florida|Georgia',
  'Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota',
  'Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina',
  'North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah',
  'Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming',
  'Alberta|British Columbia|Manitoba|New Brunswick|Nova Scotia|Ontario|Québec|Saskatchewan',
  'Berlin|Bayern|Nordrhein-Westfalen|Wien|Zürich|Île-de-France|Auvergne-Rhône-Alpes|Madrid|Lazio|Lombardia',
  'Mazowieckie|東京都|Maharashtra|New South Wales',
]
  .join('|')
  .split('|')
  .map((key) => ({ key, displayName: key }))

/** A state that users still hold although the list dropped it: resending it is refused with 4015. */
export const RETIRED_STATE = 'Franklin'

export const CLASSES_OF_SERVICE = [
  { name: 'Unrestricted', description: 'All calls' },
  { name: 'National', description: 'No international calls' },
  { name: 'Internal only', description: 'Calls within the enterprise' },
  { name: 'Toll-free', description: '' },
  { name: 'Executive – priority', description: 'Queues first' },
] as const

export const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set([
  '911',
  '112',
  '999',
  '110',
  '119',
  '000',
  '933',
])

export const DEVICE_TYPES = ['Polycom_VVX450', 'Cisco-MPP-8841', 'Yealink-T46S', 'Generic SIP Phone'] as const
