import type { UserDetails } from '../../../../shared/ipc/contract'
import { Button } from '../../../ui/Button'
import { Notice } from '../../../ui/Notice'
import { Refusal } from '../../../ui/Refusal'
import { Time } from '../../../ui/Time'
import { readAgain, useDetails } from './detailsStore'

/** How fresh and whole the shown copy is, or why there is none. */
export function DetailsState({ details }: { details: UserDetails | undefined }) {
  const { error, loading } = useDetails()
  const again = (
    <Button look="quiet" isDisabled={loading} onPress={() => void readAgain()}>
      {details ? 'Read again' : 'Try again'}
    </Button>
  )
  if (error) {
    return <Refusal error={error} actions={again} />
  }
  if (!details) return loading ? <Skeleton /> : null
  return (
    <>
      {details.state === 'gone' && (
        <Notice tone="warning">This user is no longer on the server. Here is the last copy.</Notice>
      )}
      {details.staleBecause !== undefined && (
        <Notice tone="warning" actions={again}>
          {details.staleBecause}
        </Notice>
      )}
      <p className="small quiet details-read">
        {details.completeness === 'row' ? 'Partial copy, read ' : 'Read '}
        <Time at={details.readAt} />
        {loading && ' · reading…'}
      </p>
    </>
  )
}

const bars = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

function Skeleton() {
  return (
    <div className="details-skeleton" aria-hidden>
      {bars.map((bar) => (
        <span key={bar} className="skeleton" />
      ))}
    </div>
  )
}
