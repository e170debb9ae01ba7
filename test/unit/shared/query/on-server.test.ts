import { describe, expect, it } from 'vitest'
import { onServer } from '../../../../shared/query/on-server'

/** Each question as the server gets it. */
const asked = (search: string): string[] =>
  (onServer(search)?.asks ?? []).map((ask) =>
    ask.flatMap((filter) => (filter ? [`${filter.by}=${filter.value}`] : [])).join('&'),
  )

describe('what the server is asked for what was typed', () => {
  it.each([
    // A MAC address, however it is written, is asked for in twelve bare digits.
    ['00:04:F2:ab:cd:ef', ['macAddress=0004F2ABCDEF']],
    ['00-04-f2-ab-cd-ef', ['macAddress=0004F2ABCDEF']],
    ['0004.f2ab.cdef', ['macAddress=0004F2ABCDEF']],
    ['0004f2abcdef', ['macAddress=0004F2ABCDEF']],
    ['mac:0004f2abcdef', ['macAddress=0004F2ABCDEF']],
    // Of digits alone it may be a number, too.
    ['080027123456', ['macAddress=080027123456', 'dn=*80027123456*']],
    ['000413123456', ['macAddress=000413123456']],
    // Short digits are an extension, long ones a number, those between may be either.
    ['1234', ['extension=1234*']],
    ['55501', ['extension=55501*', 'dn=*55501*']],
    ['5135550123', ['dn=*5135550123*']],
    ['(513) 555-0123', ['dn=*5135550123*']],
    // The server writes country codes apart, and no zero in front of what is dialled from abroad.
    ['+1-5135550123', ['dn=*5135550123*']],
    ['+1 513 555 0123', ['dn=*5135550123*']],
    ['15135550123', ['dn=*5135550123*']],
    ['+49 89 1234567', ['dn=*891234567*']],
    ['+353 1 234 5678', ['dn=*12345678*']],
    ['0049 89 1234567', ['dn=*891234567*']],
    ['089 12345678', ['dn=*8912345678*']],
    ['tel:+15135550123', ['dn=*5135550123*']],
    // Words.
    ['Ødegård', ['lastName=Ødegård*', 'firstName=Ødegård*', 'userId=Ødegård*']],
    ['ana.odegard', ['userId=ana.odegard*', 'emailAddress=ana.odegard*']],
    ['ana@ex.net', ['userId=ana@ex.net*', 'emailAddress=ana@ex.net*']],
    ['ana nowak', ['firstName=ana*&lastName=*nowak*', 'lastName=ana*&firstName=*nowak*']],
    ['Nowak, Ana', ['firstName=Nowak*&lastName=*Ana*', 'lastName=Nowak*&firstName=*Ana*']],
    ['ana de la cruz', ['firstName=ana*&lastName=*cruz*', 'lastName=ana*&firstName=*cruz*']],
    ['smi*', ['lastName=smi*', 'firstName=smi*', 'userId=smi*']],
    // Fields by their names.
    ['ext:12', ['extension=12*']],
    ['ext:"12"', ['extension=12']],
    ['dn:5135550123', ['dn=*5135550123*']],
    ['id:ana', ['userId=ana*']],
    ['email:ana', ['emailAddress=ana*']],
    ['name:ana', ['firstName=ana*', 'lastName=ana*']],
    ['first:ana last:nowak', ['firstName=ana*&lastName=nowak*']],
  ])('%s', (search, asks) => {
    expect(asked(search)).toEqual(asks)
  })

  it.each(['', '  ', 'a', '1', '-ana', 'dept:sales', 'mac:0004f2', 'is:changed', 'ana dept:sales', '+1'])(
    'has no question for “%s”',
    (search) => {
      expect(onServer(search)).toBeUndefined()
    },
  )

  it('says where the server looks', () => {
    expect(onServer('ana')?.fields).toEqual(['last name', 'first name', 'user ID'])
  })
})
