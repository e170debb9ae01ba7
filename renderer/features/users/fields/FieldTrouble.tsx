import type { UserDetails } from '../../../../shared/ipc/contract'
import { labelOf } from '../../../../shared/user/catalogue'
import type { FieldPath } from '../../../../shared/user/types'
import { Button } from '../../../ui/Button'
import { resolveEntry } from '../../outbox/store'
import { putBack } from '../drafts/putBack'

interface Props {
  readonly path: FieldPath
  readonly details: UserDetails
  readonly trouble: NonNullable<UserDetails['pending'][string]['trouble']>
  /** A person wants to give the field another value. */
  readonly onChange: () => void
}

/** What can be done about a change that the server refused or that met another one, under its field. */
export function FieldTrouble({ path, details, trouble, onChange }: Props) {
  const label = labelOf(path)
  return (
    <div className="control">
      <span />
      <div className="field-trouble">
        {trouble.conflict && (
          <Button
            look="quiet"
            aria-label={`Resolve ${label}…`}
            onPress={() => void resolveEntry(trouble.entry)}
          >
            Resolve…
          </Button>
        )}
        {!trouble.conflict && (
          <Button look="quiet" aria-label={`Change ${label}`} onPress={onChange}>
            Change
          </Button>
        )}
        <Button look="quiet" aria-label={`Put back ${label}`} onPress={() => void putBack(details, path)}>
          Put back
        </Button>
      </div>
    </div>
  )
}
