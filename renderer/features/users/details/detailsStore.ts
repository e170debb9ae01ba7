import { ask, gungnir } from '../../../kernel/bridge'
import { createCopyStore } from './copyStore'

/** The options of the current user. */
export const {
  useCopy: useDetails,
  show: showDetails,
  refresh: refreshDetails,
  amend: amendDetails,
  readAgain,
} = createCopyStore(
  (question) => ask(gungnir.users.details(question)),
  ({ completeness }) => completeness === 'full',
)
