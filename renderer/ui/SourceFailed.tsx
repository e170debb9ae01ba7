import { CircleAlert } from 'lucide-react'
import type { OwnedRowSource, Window } from '../grid/rowSource'
import { refusal } from '../kernel/bridge'
import { Button } from './Button'
import { Empty } from './Empty'

/** Stands in a grid whose first rows could not be fetched. */
export function SourceFailed<Row, W extends Window<Row>>({ source }: { source: OwnedRowSource<Row, W> }) {
  const { message, next } = refusal(source.error())
  return (
    <Empty
      icon={CircleAlert}
      title={message}
      actions={<Button onPress={() => void source.reload('start')}>Try again</Button>}
    >
      {next}
    </Empty>
  )
}
