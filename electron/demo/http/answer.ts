import type { ServerResponse } from 'node:http'

const HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-cache, private',
  'Access-Control-Allow-Origin': '*',
} as const

export function sendJson(response: ServerResponse, status: number, json: unknown, headers = {}): void {
  const text = JSON.stringify(json) ?? 'null'
  response.writeHead(status, { ...HEADERS, 'Content-Length': Buffer.byteLength(text), ...headers })
  response.end(text)
}

export function sendHtml(response: ServerResponse, status: number, title: string, headers = {}): void {
  const page = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers })
  response.end(page)
}

const SLICE_MS = 8
const CHUNK_CHARACTERS = 64_000

/** A turn of the event loop, so that other calls are answered while a long one is being made. */
export const breathe = () => new Promise<void>((resolve) => setImmediate(resolve))

/**
 * Sends rows as one JSON array, made while it is sent: memory stays flat and no other call waits longer than a
 * slice of a few milliseconds. A failure in the middle destroys the connection, as a real server's would.
 */
export async function sendRows(response: ServerResponse, rows: Iterable<unknown>): Promise<void> {
  let text = '['
  let separator = ''
  let started = performance.now()
  try {
    for (const row of rows) {
      // Undefined: looked at and not among the matches.
      if (row !== undefined) {
        text += separator + JSON.stringify(row)
        separator = ','
      }
      if (text.length < CHUNK_CHARACTERS && performance.now() - started < SLICE_MS) continue
      if (text.length >= CHUNK_CHARACTERS) {
        if (!response.headersSent) response.writeHead(200, HEADERS)
        const drained = response.write(text)
        text = ''
        if (!drained && !response.destroyed) {
          await new Promise<void>((resolve) => {
            const done = () => {
              response.off('drain', done)
              response.off('close', done)
              resolve()
            }
            response.on('drain', done)
            response.on('close', done)
          })
        }
      }
      if (response.destroyed) return
      await breathe()
      started = performance.now()
    }
  } catch (error) {
    if (!response.headersSent) throw error
    response.destroy()
    return
  }
  text += ']'
  if (!response.headersSent) {
    response.writeHead(200, { ...HEADERS, 'Content-Length': Buffer.byteLength(text) })
  }
  response.end(text)
}
