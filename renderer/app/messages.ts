import { create } from 'zustand'
import { refusal } from './bridge'

export interface Message {
  readonly id: number
  readonly text: string
}

interface Messages {
  readonly info: Message | undefined
  readonly error: Message | undefined
}

/** The newest line for people, and the newest error; each stands until the next one, or until it is dismissed. */
export const useMessages = create<Messages>(() => ({ info: undefined, error: undefined }))

let last = 0

export function say(text: string): void {
  useMessages.setState({ info: { id: ++last, text } })
}

export function sayProblem(text: string): void {
  useMessages.setState({ error: { id: ++last, text } })
}

/** For errors that have no place of their own on the page. */
export function sayError(error: unknown): void {
  const { message, next } = refusal(error)
  sayProblem(next ? `${message} ${next}` : message)
}

export const dismissError = (): void => useMessages.setState({ error: undefined })
