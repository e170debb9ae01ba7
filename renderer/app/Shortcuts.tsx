import { closeOverlay, useOverlay } from '../kernel/overlays'
import { Dialog } from '../ui/Dialog'
import { commandKey } from '../ui/keyboard'

const shortcuts: readonly (readonly [heading: string, keys: readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      [`${commandKey}K`, 'Find a command'],
      [`/ or ${commandKey}F`, 'Search the page'],
      ['F6', 'From the list to the details of the user, and back'],
      [`${commandKey}1 to ${commandKey}4`, 'Users, Outbox, History, Connections'],
      ['?', 'This list'],
    ],
  ],
  [
    'In a grid',
    [
      ['Arrow keys, Page Up, Page Down', 'Move'],
      ['Home, End', 'First and last cell of the row'],
      [`${commandKey}Home, ${commandKey}End`, 'First and last cell of all'],
      ['Enter or F2', 'Edit the cell, or open the row'],
      ['Space', 'Select the row'],
      ['Shift with Up and Down', 'Select more rows'],
      [`${commandKey}A`, 'Select all rows'],
      ['Shift with Left and Right, or drag', 'Select cells'],
      [`${commandKey}C, ${commandKey}X, ${commandKey}V`, 'Copy, cut and paste cells'],
      ['Delete', 'Clear the cells'],
      [`${commandKey}D`, 'Fill down from the first cell'],
      [`${commandKey}Z, ${commandKey}Shift+Z`, 'Undo and redo unsaved edits'],
      ['On a header: Enter', 'Sort; with Shift also by this column'],
      ['On a header: Alt with Left and Right', 'Narrower, wider; with Shift move the column'],
    ],
  ],
  [
    'While editing a cell',
    [
      ['Enter, Tab', 'Keep and go down, or right'],
      ['Escape', 'Put the old value back'],
      [`${commandKey}S`, 'Save all unsaved edits'],
    ],
  ],
]

export function Shortcuts() {
  const open = useOverlay((state) => state.open === 'shortcuts')
  return (
    <Dialog title="Keyboard shortcuts" open={open} onClose={closeOverlay} wide>
      <div className="shortcuts">
        {shortcuts.map(([heading, keys]) => (
          <section key={heading}>
            <h3>{heading}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
