import { Worker } from 'node:worker_threads'
import type { DemoOptions } from './options'
import type { DemoFacts } from './server'
import type { DemoTruth } from './truth'

export type ToWorker =
  | { readonly type: 'close' }
  | {
      readonly type: 'ask'
      readonly id: number
      readonly name: keyof DemoTruth
      readonly args: readonly unknown[]
    }

export type FromWorker =
  | { readonly type: 'started'; readonly facts: DemoFacts }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly reason: string }
  | { readonly type: 'closed' }

export interface DemoWorker extends DemoFacts {
  /** Calls a function of the server's truth in the worker; rejects with its refusal. */
  ask<Name extends keyof DemoTruth>(
    name: Name,
    ...args: Parameters<DemoTruth[Name]>
  ): Promise<ReturnType<DemoTruth[Name]>>
  /** Stops the server and its thread; resolves when both are gone. Calling it again waits for the same end. */
  close(): Promise<void>
  /** Resolves when the worker has ended, for whatever reason. */
  readonly ended: Promise<void>
}

/**
 * Starts the demo server in a worker thread. `workerFile` is the bundled `worker.ts`. Rejects when the worker
 * cannot start or the server refuses its options; never keeps the process alive by itself.
 */
export async function startDemoWorker(
  workerFile: URL | string,
  options: DemoOptions = {},
): Promise<DemoWorker> {
  const worker = new Worker(workerFile, { workerData: options, name: 'demo server' })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>()
  let count = 0
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      for (const { reject } of waiting.values()) reject(new Error('The demo server has stopped'))
      waiting.clear()
      resolve()
    })
  })

  const facts = await new Promise<DemoFacts>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The demo server ended before it started')))
    worker.on('message', (message: FromWorker) => {
      switch (message.type) {
        case 'started':
          return resolve(message.facts)
        case 'failed':
          return reject(new Error(message.reason))
        case 'answer':
          waiting.get(message.id)?.resolve(message.value)
          waiting.delete(message.id)
          return
        case 'refused':
          waiting.get(message.id)?.reject(new Error(message.reason))
          waiting.delete(message.id)
          return
        default:
      }
    })
  })
  worker.on('error', () => undefined)
  worker.unref()

  const post = (message: ToWorker) => worker.postMessage(message)
  let closing: Promise<void> | undefined
  return {
    ...facts,
    ended,
    ask: (name, ...args) =>
      new Promise((resolve, reject) => {
        const id = ++count
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
        post({ type: 'ask', id, name, args })
      }),
    close: () => {
      closing ??= (() => {
        worker.ref()
        post({ type: 'close' })
        return ended
      })()
      return closing
    },
  }
}
