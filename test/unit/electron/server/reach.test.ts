import { describe, expect, it } from 'vitest'
import type { OdinError } from '../../../../electron/odin/types'
import { type Reach, reachOf } from '../../../../electron/server/reach'

const so = (trouble: string) => ({ says: 'so', trouble })
const doubt = (trouble: string) => ({ says: 'doubt', trouble })
const fine = { says: 'fine' }

describe('what an error says of the line to the server', () => {
  it.each<[OdinError['kind'], string, number | undefined, object]>([
    ['not-sent', 'no-such-host', undefined, so('offline')],
    ['not-sent', 'unreachable', undefined, so('offline')],
    ['not-sent', 'refused', undefined, so('server-down')],
    ['not-sent', 'connect-timeout', undefined, so('server-down')],
    ['not-sent', 'tls-expired', undefined, so('server-down')],
    ['not-sent', 'proxy', undefined, so('server-down')],
    ['not-sent', 'work-offline', undefined, fine],
    ['not-sent', 'signing-in', undefined, fine],
    ['unauthorized', 'signed-out', 401, so('signed-out')],
    ['not-signed-in', 'signed-out', undefined, so('signed-out')],
    ['password-expired', 'password-expired', 402, so('signed-out')],
    ['forbidden-or-signed-out', 'forbidden-or-signed-out', 403, doubt('signed-out')],
    ['busy', 'unavailable', 503, so('server-down')],
    ['busy', 'too-many-calls', 429, fine],
    ['unknown', 'captive-portal', 511, so('captive-portal')],
    ['unknown', 'captive-portal', 200, so('captive-portal')],
    // Over https, too: the same words everywhere.
    ['unknown', 'html', 200, so('captive-portal')],
    ['unknown', 'html', 404, so('captive-portal')],
    ['unknown', 'redirect', 302, so('captive-portal')],
    ['unknown', 'html', 502, doubt('server-down')],
    ['unknown', 'empty', 204, so('server-down')],
    ['unknown', 'empty', 401, so('server-down')],
    ['unknown', 'not-json', 403, so('server-down')],
    ['unknown', 'server-error', 500, doubt('server-down')],
    ['unknown', 'gateway', 502, doubt('server-down')],
    ['unknown', 'answer-timeout', undefined, doubt('server-down')],
    ['unknown', 'reset', undefined, doubt('server-down')],
    ['unknown', 'shape', 200, doubt('server-down')],
    ['refused', 'validation', 400, fine],
    ['forbidden', 'forbidden', 403, fine],
    ['not-found', 'user-not-found', 404, fine],
    ['cancelled', 'aborted', undefined, fine],
  ])('%s, %s, %s', (kind, cause, status, said) => {
    const error = { kind, cause, message: '', next: '', ...(status === undefined ? {} : { status }) }
    expect(reachOf(error)).toEqual(said as Reach)
  })
})
