import { runSchedule } from './schedule'

const seed = Number(process.argv[2] ?? 1),
  n = Number(process.argv[3] ?? 100)
const trace = process.argv[4] === 'trace' ? (l: string) => console.log(l) : undefined
let events = 0,
  puts = 0
const t = performance.now()
for (let i = 0; i < n; i++) {
  try {
    const r = await runSchedule(seed + i, trace ? { trace } : {})
    events += r.events
    puts += r.puts
  } catch (e) {
    console.log('SEED', seed + i, (e as Error).name, (e as Error).message)
    if ((e as Error).name !== 'Violation') console.log((e as Error).stack)
    if (trace) break
  }
}
console.log(n, 'schedules', events, 'events', puts, 'puts', Math.round(performance.now() - t), 'ms')
