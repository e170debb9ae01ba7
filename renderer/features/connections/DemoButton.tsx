import { FlaskConical } from 'lucide-react'
import { Button } from '../../ui/Button'
import { tryDemo, useConnections } from './store'

export function DemoButton({ look }: { look: 'primary' | 'quiet' }) {
  const busy = useConnections((state) => state.busy)
  return (
    <Button
      look={look}
      icon={FlaskConical}
      isDisabled={busy !== undefined}
      isPending={busy === 'demo'}
      onPress={() => void tryDemo()}
    >
      Try the demo server
    </Button>
  )
}
