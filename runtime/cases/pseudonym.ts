import { createHash } from 'node:crypto'

const colours = ['amber', 'azure', 'blue', 'bronze', 'coral', 'crimson', 'emerald', 'gold', 'green', 'indigo', 'ivory', 'jade', 'lilac', 'olive', 'opal', 'pearl', 'plum', 'ruby', 'sand', 'scarlet', 'silver', 'teal', 'violet', 'white']
const things = ['acorn', 'anchor', 'apple', 'aspen', 'badger', 'birch', 'bridge', 'cedar', 'cloud', 'clover', 'comet', 'crane', 'dolphin', 'falcon', 'fern', 'finch', 'harbour', 'hazel', 'heron', 'island', 'juniper', 'lantern', 'larch', 'linden', 'lynx', 'maple', 'meadow', 'otter', 'owl', 'pebble', 'pine', 'quartz', 'raven', 'river', 'robin', 'rowan', 'sparrow', 'stone', 'swallow', 'thistle', 'valley', 'willow', 'wren']

/** A readable name for a client who gave none: says nothing about them, and is the same for the same id. */
export function pseudonymOf(clientId: string): string {
  const hash = createHash('sha256').update(clientId).digest()
  const colour = colours[hash.readUInt16BE(0) % colours.length] as string
  const thing = things[hash.readUInt16BE(2) % things.length] as string
  return `${colour} ${thing} ${String(hash.readUInt16BE(4) % 1000).padStart(3, '0')}`
}
