import { create } from 'zustand'
import type { Identity, MessageAction } from '../../shared/ipc/contract'
import { refusal } from './bridge'

export interface Message {
  readonly id: number
  readonly tone: 'info' | 'error'
  readonly text: string
  /** Wall ms. */
  readonly at: number
  /** The connection that was in use: nothing of one server stands under another. */
  readonly connectionId: string | undefined
  readonly actions: readonly MessageAction[]
  /** It says what is about to be sent, which the outcome makes untrue. */
  readonly promise: boolean
  /** It was said while the server could not be asked, which may be all that it is about. */
  readonly whileOffline: boolean
}

interface Messages {
  readonly info: Message | undefined
  readonly error: Message | undefined
  /** Everything that was said, newest first. */
  readonly past: readonly Message[]
}

/** How long a line stands; with buttons, long enough to reach them. Both stay among the past ones. */
const fadeMs = 8_000
const fadeWithButtonsMs = 20_000
const mostKept = 100

export const useMessages = create<Messages>(() => ({ info: undefined, error: undefined, past: [] }))

let last = 0
let connectionId: string | undefined
let online = false
let fading: ReturnType<typeof setTimeout> | undefined

type More = Partial<Pick<Message, 'connectionId' | 'actions' | 'promise'>>

function put(tone: Message['tone'], text: string, more: More): void {
  const message: Message = {
    id: ++last,
    tone,
    text,
    at: Date.now(),
    connectionId,
    actions: [],
    promise: false,
    ...more,
    whileOffline: !online,
  }
  if (message.connectionId !== undefined && message.connectionId !== connectionId) return
  useMessages.setState(({ past }) => ({ [tone]: message, past: [message, ...past].slice(0, mostKept) }))
  if (tone === 'info') fadeSoon()
}

/** Lets the line go after a while. To be called again when a person no longer points at it. */
export function fadeSoon(): void {
  clearTimeout(fading)
  const { info } = useMessages.getState()
  if (info === undefined) return
  const ms = info.actions.length > 0 ? fadeWithButtonsMs : fadeMs
  fading = setTimeout(() => useMessages.setState({ info: undefined }), ms)
}

/** Keeps the line for as long as a person points at it or is in it. */
export const keepInfo = (): void => clearTimeout(fading)

export const dismissInfo = (): void => {
  clearTimeout(fading)
  useMessages.setState({ info: undefined })
}

export const say = (text: string, more: More = {}): void => put('info', text, more)

/** What Save answered under a server: gone as soon as it is known what came of it. */
export const sayPromise = (text: string, at: Identity | undefined): void =>
  put('info', text, { promise: true, ...(at && { connectionId: at.connectionId }) })

export const sayProblem = (text: string, more: More = {}): void => put('error', text, more)

/** For errors that have no place of their own on the page. */
export function sayError(error: unknown): void {
  const { message, next } = refusal(error)
  sayProblem(next ? `${message} ${next}` : message)
}

export const dismissError = (): void => useMessages.setState({ error: undefined })

/** Takes away what has stopped being true: of another connection, or that no server could be asked. */
export function nowAt(now: { readonly connectionId: string | undefined; readonly online: boolean }): void {
  const cameBack = now.online && !online
  connectionId = now.connectionId
  online = now.online
  const stands = (message: Message | undefined) =>
    message !== undefined &&
    (message.connectionId === undefined || message.connectionId === connectionId) &&
    !(cameBack && message.tone === 'error' && message.whileOffline)
  const { info, error } = useMessages.getState()
  if (info !== undefined && !stands(info)) dismissInfo()
  if (error !== undefined && !stands(error)) dismissError()
}

/** Something has come of what was saved. */
export function promisesEnd(): void {
  if (useMessages.getState().info?.promise) dismissInfo()
}

/** Notes what is said elsewhere on the screen, so that it can be read again. */
export function keepAmongPast(text: string): void {
  const message: Message = {
    id: ++last,
    tone: 'error',
    text,
    at: Date.now(),
    connectionId,
    actions: [],
    promise: false,
    whileOffline: !online,
  }
  useMessages.setState(({ past }) => ({ past: [message, ...past].slice(0, mostKept) }))
}
