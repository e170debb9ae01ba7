import type { IncomingMessage } from 'node:http'
import { refusals, ServerRefusal } from '../refusal'
import type { Body } from './call'

const MAX_BYTES = 2_000_000
const MAX_DEPTH = 64

/** All of a request's body as text; refuses one of more than 2 MB with 413 after letting it pass by. */
export function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= MAX_BYTES) chunks.push(chunk)
      else chunks.length = 0
    })
    request.on('end', () => {
      if (bytes > MAX_BYTES) reject(new ServerRefusal(413, 'Payload Too Large', `${bytes} bytes`))
      else resolve(Buffer.concat(chunks).toString('utf8'))
    })
    request.on('error', reject)
    request.on('close', () => reject(new ServerRefusal(400, 'Request ended early')))
  })
}

/** Whether brackets outside strings nest deeper than any honest body. */
function isTooDeep(json: string): boolean {
  let depth = 0
  let inText = false
  for (let at = 0; at < json.length; at++) {
    const char = json.charCodeAt(at)
    if (inText) {
      if (char === 0x5c) at++
      else if (char === 0x22) inText = false
    } else if (char === 0x22) inText = true
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > MAX_DEPTH) return true
    } else if (char === 0x7d || char === 0x5d) depth--
  }
  return false
}

/** The object in a body: JSON whatever the content type says, a form when it says so. Empty for no body. */
export function parseBody(raw: string, contentType: string): Body {
  if (raw.trim() === '' || raw.trim() === 'null') return {}
  if (contentType.includes('application/x-www-form-urlencoded') && !/^\s*[{[]/.test(raw)) {
    return Object.fromEntries(new URLSearchParams(raw))
  }
  if (isTooDeep(raw)) throw refusals.malformed(`JSON nested deeper than ${MAX_DEPTH}`)
  let value: unknown
  try {
    value = JSON.parse(raw)
  } catch {
    throw refusals.malformed('The body is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusals.malformed('The body is not a JSON object')
  }
  return value as Body
}
