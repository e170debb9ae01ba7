import { parentPort, workerData } from 'node:worker_threads'
import type { DemoOptions } from './options'
import { startDemoServer } from './server'
import type { FromWorker, ToWorker } from './start'

/** The demo server off the main thread. `workerData` holds the options; `start.ts` is the other end. */
async function run(): Promise<void> {
  const port = parentPort
  if (!port) throw new Error('This file is the entry of a worker thread')
  const post = (message: FromWorker) => port.postMessage(message)
  try {
    const { truth, close, ...facts } = await startDemoServer(workerData as DemoOptions)
    port.on('message', (message: ToWorker) => {
      if (message.type === 'close') {
        void close().then(() => {
          post({ type: 'closed' })
          port.close()
        })
        return
      }
      const { id, name, args } = message
      try {
        const answer = truth[name] as (...args: readonly unknown[]) => unknown
        post({ type: 'answer', id, value: answer(...args) })
      } catch (error) {
        post({ type: 'refused', id, reason: error instanceof Error ? error.message : String(error) })
      }
    })
    post({ type: 'started', facts })
  } catch (error) {
    post({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
    port.close()
  }
}

void run()
