import { execFile } from 'node:child_process'

/** Runs a program of the system and gives what it printed; a code other than 0 when it did not do what was asked, or is not there. */
export type Run = (
  program: string,
  args: readonly string[],
) => Promise<{ readonly code: number; readonly text: string }>

const limitMs = 10_000
const mostBytes = 1_000_000

export const runProgram: Run = (program, args) =>
  new Promise((resolve) => {
    const options = {
      timeout: limitMs,
      maxBuffer: mostBytes,
      windowsHide: true,
      // What is quoted for `cmd` is quoted already.
      windowsVerbatimArguments: true,
    }
    execFile(program, [...args], options, (error, stdout) => {
      resolve({ code: error === null ? 0 : 1, text: error === null ? stdout : String(stdout) })
    })
  })
