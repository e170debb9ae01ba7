import { describe, expect, it } from 'vitest'
import { fillTemplate, parseTemplate, templateFields } from '../../../../shared/user/template'

const ana: Readonly<Record<string, string>> = {
  firstName: 'Ana Maria',
  lastName: 'Müller-Ødegård',
  extension: '1234',
  phoneNumber: '+1-513 555 0199',
  title: '',
  'address.city': '王 Wei',
  hiraganaFirstName: '👨‍👩‍👧🇩🇪e\u0301a',
  hiraganaLastName: "o'neil d’angelo MCDONALD McDonald women's we'll",
  yahooId: 'Smith, Jr. & "Co"',
}

function fill(text: string, place = 0): string {
  const template = parseTemplate(text)
  if ('problem' in template) return `problem: ${template.problem}`
  const filled = fillTemplate(template, (path) => ana[path], place)
  if ('unfit' in filled) return `unfit: ${filled.unfit}`
  return 'text' in filled ? filled.text : `missing: ${filled.missing} ${filled.known}`
}

describe('templates', () => {
  it.each([
    ['{{firstName}}.{{lastName}}@corp.example', 'Ana Maria.Müller-Ødegård@corp.example'],
    ['{{first|first1|lower}}{{last|plain}}@x', 'amuller-odegard@x'],
    ['Desk {{dn:last4}}', 'Desk 0199'],
    ['{{ext}}', '1234'],
    ['{{Last name | upper}}', 'MÜLLER-ØDEGÅRD'],
    ['{{lastName:lower|title}}', 'Müller-Ødegård'],
    ['{{phoneNumber|digits}}', '15135550199'],
    ['{{{firstName}}}', '{Ana Maria}'],
    ['{{{{ext}}}}', '{{1234}}'],
    ['{{hiraganaFirstName|first1}}', '👨‍👩‍👧'],
    ['{{hiraganaFirstName|first2}}', '👨‍👩‍👧🇩🇪'],
    ['{{hiraganaFirstName|last2}}', 'e\u0301a'],
    ['{{hiraganaLastName|title}}', "O'Neil D’Angelo Mcdonald McDonald Women's We'll"],
    ['{{yahooId|plain}}', 'smithjr.co'],
    ['no parts', 'no parts'],
    ['', ''],
    ['a { b } c', 'a { b } c'],
  ])('%s becomes %s', (template, text) => expect(fill(template)).toBe(text))

  it('counts users in the order of the list, as wide as its start is written', () => {
    expect([0, 1, 12].map((place) => fill('{{seq:1000}}', place))).toEqual(['1000', '1001', '1012'])
    expect(fill('R{{seq:007}}', 3)).toBe('R010')
    expect(fill('{{seq}}', 4)).toBe('5')
  })

  it('makes no address out of letters that none has, and leaves none of them out', () => {
    expect(fill('{{address.city|plain}}@corp.example')).toBe('unfit: 王 Wei')
  })

  it('makes no value out of a part that is empty or unknown', () => {
    expect(fill('{{title}}!')).toBe('missing: title true')
    expect(fill('{{emailAddress}}!')).toBe('missing: emailAddress false')
  })

  it.each([
    ['{{nothing}}', '“nothing” is not a field'],
    ['{{name}}', '“name” is not a field'],
    ['{{newPassword}}', 'is not a field'],
    ['{{firstName|shout}}', '“shout” is no step'],
    ['{{firstName', 'has no }}'],
    ['{{seq:ten}}', 'whole number'],
    ['x'.repeat(3000), 'longer'],
  ])('says what is wrong with %s', (template, problem) => expect(fill(template)).toContain(problem))

  it('tells the fields that it looks at', () => {
    const template = parseTemplate('{{first}} {{seq}} {{dn}}')
    expect('pieces' in template && templateFields(template)).toEqual(['firstName', 'phoneNumber'])
  })
})
