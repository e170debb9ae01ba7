import type { CultureName } from './names'

/** One group's town. National numbers have `nationalLength` digits and begin with `area`, zeros included. */
export interface Place {
  readonly id: string
  readonly city: string
  readonly countryCode: string
  readonly area: string
  readonly nationalLength: number
  readonly country: string
  readonly timeZone: string
  /** A key of the states-provinces list, or none. */
  readonly state: string | undefined
  readonly language: string
  readonly culture: CultureName
  readonly postal: string
}

const place = (line: string): Place => {
  const [id, city, countryCode, area, length, country, timeZone, state, language, culture, postal] =
    line.split('|')
  if (!id || !city || !countryCode || area === undefined || !country || !timeZone || !language || !postal) {
    throw new Error(`Incomplete place: ${line}`)
  }
  return {
    id,
    city,
    countryCode,
    area,
    nationalLength: Number(length),
    country,
    timeZone,
    state: state || undefined,
    language,
    culture: culture as CultureName,
    postal,
  }
}

/** Postal codes: `#` becomes a digit. */
export const PLACES: readonly Place[] = `
cincinnati|Cincinnati|1|513|10|US|America/New_York|Ohio|English|nordic|45###
new-york|New York|1|212|10|US|America/New_York|New York|English|english|10###
chicago|Chicago|1|312|10|US|America/Chicago|Illinois|English|slavic|60###
austin|Austin|1|512|10|US|America/Chicago|Texas|Spanish|iberian|78###
seattle|Seattle|1|206|10|US|America/Los_Angeles|Washington|English|vietnamese|98###
denver|Denver|1|303|10|US|America/Denver|Colorado|English|english|80###
boston|Boston|1|617|10|US|America/New_York|Massachusetts|English|english|02###
toronto|Toronto|1|416|10|CA|America/Toronto|Ontario|English|indic|M5V 1A#
montreal|Montréal|1|514|10|CA|America/Toronto|Québec|French|french|H2Y 3C#
vancouver|Vancouver|1|604|10|CA|America/Vancouver|British Columbia|English|chinese|V6B 2W#
london|London|44|20|10|GB|Europe/London||English|english|EC1A #BB
manchester|Manchester|44|161|10|GB|Europe/London||English|english|M1 #AE
dublin|Dublin|353|1|8|IE|Europe/Dublin||English|english|D0#
berlin|Berlin|49|30|10|DE|Europe/Berlin|Berlin|German|german|10###
muenchen|München|49|89|10|DE|Europe/Berlin|Bayern|German|german|80###
koeln|Köln|49|221|10|DE|Europe/Berlin|Nordrhein-Westfalen|German|german|50###
wien|Wien|43|1|8|AT|Europe/Vienna|Wien|German|german|10##
zuerich|Zürich|41|44|9|CH|Europe/Zurich|Zürich|German|german|80##
oslo|Oslo|47|22|8|NO|Europe/Oslo||Norwegian|nordic|01##
stockholm|Stockholm|46|8|9|SE|Europe/Stockholm||Swedish|nordic|11# ##
paris|Paris|33|1|9|FR|Europe/Paris|Île-de-France|French|french|750##
lyon|Lyon|33|4|9|FR|Europe/Paris|Auvergne-Rhône-Alpes|French|french|690##
bruxelles|Bruxelles|32|2|8|BE|Europe/Brussels||French|french|10##
amsterdam|Amsterdam|31|20|9|NL|Europe/Amsterdam||Dutch|german|101# AB
madrid|Madrid|34|91|9|ES|Europe/Madrid|Madrid|Spanish|iberian|280##
lisboa|Lisboa|351|21|9|PT|Europe/Lisbon||Portuguese|iberian|1#00-0##
roma|Roma|39|06|10|IT|Europe/Rome|Lazio|Italian|italian|001##
milano|Milano|39|02|10|IT|Europe/Rome|Lombardia|Italian|italian|201##
warszawa|Warszawa|48|22|9|PL|Europe/Warsaw|Mazowieckie|Polish|slavic|00-#0#
praha|Praha|420|2|9|CZ|Europe/Prague||English|slavic|1#0 00
istanbul|İstanbul|90|212|10|TR|Europe/Istanbul||English|turkic|34###
athina|Αθήνα|30|21|10|GR|Europe/Athens||English|greek|10# ##
kyiv|Київ|380|44|9|UA|Europe/Kiev||English|cyrillic|010##
sofia|София|359|2|8|BG|Europe/Sofia||English|cyrillic|10##
tokyo|東京|81|3|10|JP|Asia/Tokyo|東京都|Japanese|japanese|10#-00##
taipei|臺北|886|2|9|TW|Asia/Taipei||English|chinese|10###
seoul|서울|82|2|10|KR|Asia/Seoul||English|korean|04###
tel-aviv|תל אביב|972|3|8|IL|Asia/Jerusalem||English|semitic|61####
mumbai|Mumbai|91|22|10|IN|Asia/Kolkata|Maharashtra|English|indic|4000##
sydney|Sydney|61|2|9|AU|Australia/Sydney|New South Wales|English|english|20##
`
  .trim()
  .split('\n')
  .map(place)

export interface ProviderSeed {
  readonly id: string
  readonly name: string
  readonly isEnterprise: boolean
  readonly domain: string
  /** Parts of ten of the groups. */
  readonly share: number
}

export const PROVIDERS: readonly ProviderSeed[] = [
  { id: 'ent.aurora', name: 'Aurora Health', isEnterprise: true, domain: 'aurora.example', share: 5 },
  {
    id: 'ent.meridian',
    name: 'Meridian Logistics',
    isEnterprise: true,
    domain: 'meridian.example',
    share: 3,
  },
  { id: 'sp.fjord', name: 'Fjord Telecom', isEnterprise: false, domain: 'fjord.example', share: 2 },
]

/** Ids that teach clients two lessons: a group id is unique only within its provider, and ids need URL encoding. */
export const SPECIAL_GROUP_IDS: Readonly<Record<number, string>> = {
  1: 'headquarters',
  20: 'headquarters',
  39: 'R&D + Lab #2/3',
}

export const GROUP_DEPARTMENTS = [
  { name: 'Sales', parent: undefined },
  { name: 'East', parent: 'Sales' },
  { name: 'Support', parent: undefined },
  { name: 'Finance & Legal', parent: undefined },
  { name: 'Forschung/Entwicklung', parent: undefined },
  { name: 'Reception', parent: undefined },
] as const

export const ENTERPRISE_DEPARTMENTS = ['Corporate', 'People'] as const

const LATIN_STREETS = [
  'Main Street',
  "St. Mary's Road",
  'King’s Avenue',
  'Harbour Road',
  'Šafařík Lane',
] as const

/** Streets as the place's own people write them. */
export const STREETS: Readonly<Partial<Record<CultureName, readonly string[]>>> & {
  readonly english: readonly string[]
} = {
  english: LATIN_STREETS,
  german: ['Königsallee', 'Straße des 17. Juni', 'Am Großen Wannsee'],
  french: ['Rue de l’Église', "Boulevard de l'Hôpital", 'Avenue des Champs-Élysées'],
  iberian: ['Calle de Alcalá', 'Rua da Conceição', 'Paseo del Prado'],
  italian: ['Via dell’Orso', "Piazza dell'Unità"],
  slavic: ['ul. Świętokrzyska', 'Šafaříkova', 'Náměstí Míru'],
  turkic: ['İstiklâl Caddesi', 'Gülbağ Sokağı'],
  greek: ['Οδός Ερμού', 'Λεωφόρος Αμαλίας'],
  cyrillic: ['вул. Хрещатик', 'бул. Витоша'],
  chinese: ['中山路', '忠孝東路'],
  japanese: ['丸の内', '神宮前'],
  korean: ['세종대로', '테헤란로'],
  semitic: ['שדרות רוטשילד', 'شارع الحمراء'],
}

export const TITLES = [
  'Nurse',
  'Sales manager',
  'Receptionist',
  'Ingénieure système',
  'Geschäftsführer',
  'Head of R&D',
  'Customer support agent, 2nd level',
  'Økonomiansvarlig',
  'Σύμβουλος',
  'Director, Business Development & Strategic Sales',
] as const

export const LOCATIONS = ['Room 101', 'Floor 3, desk 12', 'Bldg. B / 2.14', 'Étage 4', 'Warehouse'] as const
