import { describe, expect, it } from 'vitest'
import { isWorkbook, otherKind, unicodeOf } from '../../../../../electron/features/users/batch/kind'

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const csv = 'User ID,City\r\na@x,Köln\r\n'
const utf32 = (text: string) =>
  Uint8Array.from([...text].flatMap((letter) => [letter.codePointAt(0) ?? 0, 0, 0, 0]))

describe('a file that is no CSV', () => {
  it.each([
    ['', 'empty'],
    ['PK\x03\x04 xl/workbook.bin', '.xlsb'],
    ['PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet', '.ods'],
    ['PK\x03\x04 Index/Document.iwa', 'Numbers'],
    ['PK\x03\x04 word/document.xml', 'Word'],
    ['PK\x03\x04 readme.txt', 'zip'],
    ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', '.xls'],
    ['%PDF-1.7', 'PDF'],
    ['\x89PNG\r\n\x1a\n', 'picture'],
    ['\xff\xd8\xff\xe0', 'picture'],
    ['GIF89a', 'picture'],
    ['\xef\xbb\xbf\n<!DOCTYPE html><html>', 'HTML'],
    ['<table><tr><td>User ID', 'HTML'],
    ['<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', 'XML'],
    ['[{"userId": "a"}]', 'JSON'],
    ['{\\rtf1', 'Rich Text'],
    ['\x1f\x8b\x08', 'compressed'],
    ['SQLite format 3\0', 'database'],
    ['\xff\xfe\0\0U\0\0\0', 'UTF-32'],
  ])('%j is called by its name, with what to do', (bytes, name) => {
    const kind = otherKind(latin1(bytes))
    expect(kind?.what).toContain(name)
    expect(kind?.next).toMatch(/\w\.$/)
  })

  it.each([
    'User ID,City',
    'PK,City',
    'sep=;',
    '{x},User ID',
    '<clear>,User ID',
    '[a],User ID',
    'BM,User ID',
  ])('%s may be one', (text) => expect(otherKind(latin1(text))).toBeUndefined())
})

it('a workbook of Excel is one that can be read, an older or binary one is not', () => {
  const books = ['PK\x03\x04 xl/workbook.xml', 'PK\x03\x04 xl/workbook.bin', '\xd0\xcf\x11\xe0', csv]
  expect(books.map((bytes) => isWorkbook(latin1(bytes)))).toEqual([true, false, false, false])
})

describe('how the letters are written', () => {
  it('is told by a mark, or by the zeros of UTF-16', () => {
    const little = Uint8Array.from(Buffer.from(csv, 'utf16le'))
    const big = Uint8Array.from(Buffer.from(csv, 'utf16le').swap16())
    expect(unicodeOf(little)).toBe('utf-16le')
    expect(unicodeOf(big)).toBe('utf-16be')
    expect(unicodeOf(Uint8Array.from([0xff, 0xfe, ...little]))).toBe('utf-16le')
    expect(unicodeOf(Uint8Array.from([0xfe, 0xff, ...big]))).toBe('utf-16be')
    expect(unicodeOf(new TextEncoder().encode(`\ufeff${csv}`))).toBe('utf-8')
    expect(unicodeOf(new TextEncoder().encode(csv))).toBeUndefined()
  })

  it('is refused by name with other zeros', () => {
    expect(unicodeOf(utf32(csv))).toMatchObject({ what: 'text in UTF-32' })
    expect(unicodeOf(latin1(`${csv}${'\0'.repeat(500)}`))).toMatchObject({
      what: expect.stringContaining('byte 25'),
    })
    expect(unicodeOf(latin1('User ID\na\0@x\n'))).toMatchObject({ what: expect.stringContaining('U+0000') })
  })
})
