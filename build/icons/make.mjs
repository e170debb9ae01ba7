// Draws the app's mark, a spear tip, as icon.svg and as the PNG files that the installers take.
// Run it after changing the shapes: node build/icons/make.mjs
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'

const here = fileURLToPath(new URL('.', import.meta.url))
const SIZES = [16, 32, 48, 64, 128, 256, 512, 1024]
/** Samples per pixel edge. */
const FINE = 4

// Everything is drawn in a square of 100 × 100. The spear stands upright here and is turned on its way out.
const blade = { tip: [50, 9], wide: 15, shoulder: 47, neck: 66, throat: 3.4 }
const right = [
  { from: blade.tip, bend: [50 + blade.wide * 0.55, 26], to: [50 + blade.wide, blade.shoulder] },
  {
    from: [50 + blade.wide, blade.shoulder],
    bend: [50 + blade.wide * 0.7, 58],
    to: [50 + blade.throat, blade.neck],
  },
]
const mirror = ([x, y]) => [100 - x, y]
const half = (curves) => [blade.tip, ...curves.flatMap(flatten), [50, blade.neck]]
const left = right.map(({ from, bend, to }) => ({ from: mirror(from), bend: mirror(bend), to: mirror(to) }))
const wing = (side) => [
  [50 + side * 3.4, 67],
  [50 + side * 13, 73.5],
  [50 + side * 13, 77],
  [50 + side * 3.4, 75],
]

const plate = { fill: ['#24406b', '#101d33'], radius: 48, power: 5 }
const shapes = [
  { fill: '#f4f7fb', points: half(right) },
  { fill: '#b9c8dc', points: half(left) },
  { fill: '#e0a63c', points: wing(1) },
  { fill: '#c98f2b', points: wing(-1) },
  { fill: '#8fa3bd', points: box(46.6, 66, 6.8, 12) },
  { fill: '#6d829e', points: box(47.4, 78, 5.2, 17) },
].map(({ fill, points }) => ({ fill, points: points.map(turn) }))
const painted = shapes
  .toReversed()
  .map(({ fill, points }) => ({ colour: rgb(fill), points, frame: frameOf(points) }))
const backdrop = plate.fill.map(rgb)

function box(x, y, width, height) {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ]
}

/** An eighth of a turn clockwise about the middle, so that the spear flies up and to the right. */
function turn([x, y]) {
  const [dx, dy] = [x - 50, y - 50]
  const s = Math.SQRT1_2
  return [50 + s * (dx - dy), 50 + s * (dx + dy)]
}

function flatten({ from, bend, to }) {
  const steps = 24
  return Array.from({ length: steps }, (_, i) => {
    const t = (i + 1) / steps
    const at = (axis) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * bend[axis] + t ** 2 * to[axis]
    return [at(0), at(1)]
  })
}

/** A square with softly rounded corners: |x|^power + |y|^power = radius^power. */
function plateOutline() {
  return Array.from({ length: 240 }, (_, i) => {
    const angle = (i / 240) * 2 * Math.PI
    const axis = (value) => Math.sign(value) * Math.abs(value) ** (2 / plate.power)
    return [50 + plate.radius * axis(Math.cos(angle)), 50 + plate.radius * axis(Math.sin(angle))]
  })
}

function onPlate(x, y) {
  const part = (value) => Math.abs((value - 50) / plate.radius) ** plate.power
  return part(x) + part(y) <= 1
}

function svg() {
  const path = (points) => `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L')}Z`
  const gradient = `<linearGradient id="g" x2="0" y2="1"><stop stop-color="${plate.fill[0]}"/><stop offset="1" stop-color="${plate.fill[1]}"/></linearGradient>`
  const marks = shapes.map(({ fill, points }) => `<path fill="${fill}" d="${path(points)}"/>`).join('\n')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><title>Gungnir</title>
<defs>${gradient}</defs>
<path fill="url(#g)" d="${path(plateOutline())}"/>
${marks}
</svg>
`
}

/** Inside by the even-odd rule. */
function inside(points, x, y) {
  let within = false
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [xi, yi] = points[i]
    const [xj, yj] = points[j]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within
  }
  return within
}

function rgb(hex) {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
}

function frameOf(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
}

function colourAt(x, y) {
  for (const { colour, points, frame } of painted) {
    const near = x >= frame.left && x <= frame.right && y >= frame.top && y <= frame.bottom
    if (near && inside(points, x, y)) return colour
  }
  if (!onPlate(x, y)) return undefined
  const [top, bottom] = backdrop
  return top.map((from, i) => from + (bottom[i] - from) * (y / 100))
}

function pixels(size) {
  const image = Buffer.alloc(size * (size * 4 + 1))
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const sum = [0, 0, 0]
      let covered = 0
      for (let i = 0; i < FINE * FINE; i++) {
        const x = ((column + ((i % FINE) + 0.5) / FINE) / size) * 100
        const y = ((row + (Math.floor(i / FINE) + 0.5) / FINE) / size) * 100
        const colour = colourAt(x, y)
        if (!colour) continue
        covered++
        for (const c of [0, 1, 2]) sum[c] += colour[c]
      }
      const at = row * (size * 4 + 1) + 1 + column * 4
      for (const c of [0, 1, 2]) image[at + c] = covered && Math.round(sum[c] / covered)
      image[at + 3] = Math.round((covered / FINE ** 2) * 255)
    }
  }
  return image
}

function png(size) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels(size), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

function crc32(bytes) {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

writeFileSync(join(here, 'icon.svg'), svg())
for (const size of SIZES) writeFileSync(join(here, `${size}x${size}.png`), png(size))
