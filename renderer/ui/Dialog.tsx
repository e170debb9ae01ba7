import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from './Button'

interface Props {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly footer?: ReactNode
  /** For a question that has to be answered: said at once, and not closed by a click beside it. */
  readonly question?: boolean
  readonly wide?: boolean
  /** As large as the window allows, for what has a list in it. */
  readonly large?: boolean
}

export function Dialog({ title, open, onClose, children, footer, question, wide, large }: Props) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen={open}
      isDismissable={!question}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Modal className={large ? 'modal modal-large' : wide ? 'modal modal-wide' : 'modal'}>
        <AriaDialog className="dialog" role={question ? 'alertdialog' : 'dialog'}>
          <header className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {!question && <IconButton icon={X} name="Close" onPress={onClose} />}
          </header>
          <div className="dialog-body">{children}</div>
          {footer && <footer className="dialog-foot">{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
