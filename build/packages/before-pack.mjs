import { partsFor, processorOf, stage } from './native.mjs'

/** Refuses what cannot work before anything is packed, and fetches the compiled parts of another machine. */
export default function beforePack({ electronPlatformName, arch }) {
  const processor = processorOf(arch)
  partsFor(electronPlatformName, processor)
  stage(electronPlatformName, processor)
}
