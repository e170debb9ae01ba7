import type { PolicyView } from '../../../shared/ipc/contract'
import { type Policy, setByWords } from './policy'
import { type PolicyKey, type Rules, schemas } from './schema'

const says: { readonly [K in PolicyKey]: (rules: Rules) => string } = {
  connections: ({ connections }) =>
    `Connections: ${connections.map(({ name }) => name).join(', ') || 'none'}`,
  lockConnections: ({ lockConnections }) =>
    lockConnections ? 'Connections cannot be added, changed or removed' : 'Connections can be changed',
  demo: ({ demo }) => (demo ? 'The demo server can be used' : 'No demo server'),
  updates: ({ updates }) =>
    updates === 'off' || updates === undefined
      ? 'Updates are off'
      : `Updates come from ${new URL(updates.url).host} (${updates.channel})`,
  readOnly: ({ readOnly }) => (readOnly ? 'Nothing is changed on a server' : 'Servers can be changed'),
  historyMinimumDays: ({ historyMinimumDays: days }) =>
    Number.isFinite(days) ? `History stays for at least ${days} days` : 'All history stays',
  idleLockMinutes: ({ idleLockMinutes }) => `The window locks after ${idleLockMinutes} minutes without use`,
  proxy: ({ proxy }) =>
    proxy === 'unusable' ? 'The proxy cannot be told: no server is called' : `Proxy: ${proxy}`,
  logLevel: ({ logLevel }) => `The log holds ${logLevel} and worse`,
}

/** The policy as people read it. */
export function policyView({ rules, setBy, problems }: Policy): PolicyView {
  const keys = (Object.keys(schemas) as PolicyKey[]).filter((key) => setBy[key] !== undefined)
  const by = (key: PolicyKey) => setByWords(setBy[key] ?? '')
  return {
    settings: keys.map((key) => ({ key, words: says[key](rules), by: by(key) })),
    problems: [...problems],
    ...(rules.lockConnections ? { connectionsLocked: by('lockConnections') } : {}),
    ...(setBy.proxy === undefined ? {} : { proxySet: `${says.proxy(rules)}. ${by('proxy')}` }),
    ...(rules.demo ? {} : { noDemo: by('demo') }),
    ...(setBy.historyMinimumDays === undefined ? {} : { historyStays: by('historyMinimumDays') }),
    ...(setBy.historyMinimumDays !== undefined && Number.isFinite(rules.historyMinimumDays)
      ? { historyMinimumDays: rules.historyMinimumDays }
      : {}),
  }
}
