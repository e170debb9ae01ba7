import { type Field, fields, type Section } from './catalogue'

/** Names that few places use: what most people look for comes before them. */
const rare = new Set(['hiraganaFirstName', 'hiraganaLastName', 'nameDialingName', 'yahooId'])
const told = fields.filter((field) => !field.secret)

/** The options of a user in the order and under the headings in which people read them; no secret is among them. */
export const shownFields: readonly Field[] = [
  ...told.filter(({ path }) => !rare.has(path)),
  ...told.filter(({ path }) => rare.has(path)).map((field) => ({ ...field, section: 'Other' as const })),
]

/** The headings, in their order. */
export const shownSections: readonly Section[] = [...new Set(shownFields.map((field) => field.section))]
