import type { SearchExample as Example } from './SearchWithWays'

/** The few that get a person going. */
export const firstExamples: readonly Example[] = [
  { text: 'nowak sales', finds: 'both words, in any field and any order' },
  { text: 'ext:12*', finds: 'extensions that begin with 12' },
  { text: 'last:"Nowak"', finds: 'exactly this last name' },
  { text: 'dept:sales -title:intern', finds: 'the department, without interns' },
  { text: '+1 513 555 1234', finds: 'a number in whatever form' },
  { text: 'has:mobile', finds: 'users with a mobile number' },
  { text: '-has:email', finds: 'users without an e-mail address' },
  { text: 'is:conflict', finds: 'changes that wait for your decision' },
]

/** What else a word can be. */
export const signs: readonly Example[] = [
  {
    text: 'anna',
    finds: 'The word, anywhere in names, numbers, IDs and more. Case and accents do not matter.',
  },
  { text: '"anna maria"', finds: 'These words as they stand.' },
  { text: 'an*a', finds: 'A star stands for anything.' },
  { text: '-anna', finds: 'Everyone without the word.' },
  { text: 'title:nurse', finds: 'The word in one field, by its short name or its label.' },
  { text: 'title:"Nurse"', finds: 'The field is exactly this.' },
  { text: 'has:title', finds: 'The field is not empty. With a minus: it is empty.' },
]

/** What History is searched by. */
export const historyExamples: readonly Example[] = [
  { text: 'nowak', finds: 'changes of a user, by name or ID' },
  { text: 'field:extension', finds: 'changes of this field' },
  { text: 'title:nurse', finds: 'changes of the title from or to this' },
  { text: 'when:today', finds: 'a day: today, yesterday or 2026-11-01' },
  { text: 'when:last-week', finds: 'also this-week, this-month, last-month' },
  { text: 'when:7d', finds: 'the last seven days' },
  { text: 'when:2026-11', finds: 'a month; also a year, or from..to' },
  { text: 'outcome:refused', finds: 'how it ended' },
  { text: 'ticket:CHG-4711', finds: 'changes made for a reason or ticket' },
  { text: 'by:admin', finds: 'changes made as this account' },
]
