import type { ReactNode } from 'react'
import { refusal } from '../kernel/bridge'
import { Notice } from './Notice'

/** Anything that went wrong, said where it went wrong. */
export function Refusal({ error, actions }: { error: unknown; actions?: ReactNode }) {
  const { message, next, raw } = refusal(error)
  return (
    <Notice tone="error" announce next={next} raw={raw} actions={actions}>
      {message}
    </Notice>
  )
}
