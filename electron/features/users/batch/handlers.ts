import type { Handlers } from '../../../../shared/ipc/bridge'
import type { Batches } from './batches'

type Own = Extract<keyof Handlers, `batch.${string}`>

/** What the page may ask about changes of many users. */
export const batchHandlers = (batches: Batches): Pick<Handlers, Own> => ({
  'batch.edit': ({ as, query, selection, rules }) => batches.edit(query, selection, rules, as),
  'batch.import': () => batches.import(),
  'batch.compare': ({ id, which }) => batches.compare(id, which),
  'batch.window': ({ id, problemsOnly, start, count }) => batches.window(id, problemsOnly, start, count),
  'batch.fix': ({ id, row, text }) => batches.fix(id, row, text),
  'batch.readAs': ({ id, reading }) => batches.readAs(id, reading),
  'batch.mapColumns': ({ id, line, paths }) => batches.mapColumns(id, line, paths),
  'batch.count': ({ id, ...pick }) => batches.count(id, pick),
  'batch.save': ({ id, reason, ...pick }) => batches.save(id, pick, reason),
  'batch.result': (id) => batches.result(id),
  'batch.cancel': (id) => batches.cancel(id),
  'batch.unread': (input) => batches.unread(input),
  'batch.readUnread': (input) => batches.readUnread(input),
  'batch.exportUsers': ({ query, selection, paths }) => batches.exportUsers(query, selection, paths),
})
