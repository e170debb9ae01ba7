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
/** For so long news from elsewhere leaves what a person has just been answered. */
const unreadMs = 3_000
const mostKept = 100

export const useMessages = create<Messages>(() => ({ info: undefined, error: undefined, past: [] }))

let last = 0
let connectionId: string | undefined
let online = false
let fading: ReturnType<typeof setTimeout> | undefined
/** Runs while the line is an answer that has hardly been read. */
let reading: ReturnType<typeof setTimeout> | undefined
let pointedAt = false
/** News that waits for the line. */
let news: Message | undefined

type More = Partial<Pick<Message, 'connectionId' | 'actions' | 'promise'>>

/** Makes a message of the server in use, and keeps it among the past ones. Nothing where it is about another server. */
function made(tone: Message['tone'], text: string, more: More): Message | undefined {
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
  if (!isHere(message)) return undefined
  useMessages.setState(({ past }) => ({ past: [message, ...past].slice(0, mostKept) }))
  return message
}

const isHere = (message: Message): boolean =>
  message.connectionId === undefined || message.connectionId === connectionId

function show(info: Message): void {
  useMessages.setState({ info })
  if (!pointedAt) fadeSoon()
}

/** What waited takes the line, once what stands there has been read, or is about to become untrue. */
function showNews(): void {
  const { info } = useMessages.getState()
  const isRead = reading === undefined && !pointedAt
  if (news === undefined || (info !== undefined && !info.promise && !isRead)) return
  const next = news
  news = undefined
  show(next)
}

function stopReading(): void {
  clearTimeout(reading)
  reading = undefined
}

/** Lets the line go after a while. To be called again when a person no longer points at it. */
export function fadeSoon(): void {
  pointedAt = false
  clearTimeout(fading)
  showNews()
  const { info } = useMessages.getState()
  if (info === undefined) return
  const ms = info.actions.length > 0 ? fadeWithButtonsMs : fadeMs
  fading = setTimeout(dismissInfo, ms)
}

/** Keeps the line for as long as a person points at it or is in it. */
export function keepInfo(): void {
  pointedAt = true
  clearTimeout(fading)
}

export function dismissInfo(): void {
  clearTimeout(fading)
  stopReading()
  useMessages.setState({ info: undefined })
  showNews()
}

/** Answers what a person has just done: takes the line at once. */
export function say(text: string, more: More = {}): void {
  const message = made('info', text, more)
  if (!message) return
  stopReading()
  if (!message.promise) {
    reading = setTimeout(() => {
      reading = undefined
      showNews()
    }, unreadMs)
  }
  show(message)
}

/** Tells what came about by itself: takes the line when the answer that stands there has been read. */
export function tell(text: string, more: More = {}): void {
  news = made('info', text, more) ?? news
  showNews()
}

/** What Save answered under a server: gone as soon as it is known what came of it. */
export const sayPromise = (text: string, at: Identity | undefined): void =>
  say(text, { promise: true, ...(at && { connectionId: at.connectionId }) })

export function sayProblem(text: string, more: More = {}): void {
  const error = made('error', text, more)
  if (error) useMessages.setState({ error })
}

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
  const { info, error } = useMessages.getState()
  if (news && !isHere(news)) news = undefined
  if (info && !isHere(info)) dismissInfo()
  if (error && (!isHere(error) || (cameBack && error.whileOffline))) dismissError()
}

/** Something has come of what was saved. */
export function promisesEnd(): void {
  if (useMessages.getState().info?.promise) dismissInfo()
}

/** Notes what is said elsewhere on the screen, so that it can be read again. */
export const keepAmongPast = (text: string): void => void made('error', text, {})
