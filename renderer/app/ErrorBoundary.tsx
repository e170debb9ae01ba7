import { Component, type ReactNode } from 'react'
import { Button } from '../ui/Button'
import { Notice } from '../ui/Notice'

interface State {
  readonly error: unknown
}

/** A page that fails to draw says so and can be tried again; the frame and the drafts stay. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: undefined }

  static getDerivedStateFromError(error: unknown): State {
    return { error: error ?? 'unknown' }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <div className="page-failed">
        <Notice
          tone="error"
          announce
          next="Your unsaved edits and the outbox are not affected."
          raw={error instanceof Error ? (error.stack ?? error.message) : String(error)}
          actions={<Button onPress={() => this.setState({ error: undefined })}>Try again</Button>}
        >
          This page could not be drawn.
        </Notice>
      </div>
    )
  }
}
