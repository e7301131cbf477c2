import { instance } from '@viz-js/viz'
import { describe } from './description.ts'
import type { Diagram } from './diagram.ts'
import { toDot } from './dot.ts'
import { type Key, keyOf, keysFor } from './svg-key.ts'
import { style } from './svg-style.ts'

/** Pixels, which Graphviz calls points. */
const margin = 16
const headingHeight = 34
const gap = 28

/** A drawing laid out by Graphviz, its outer element taken off. */
interface Drawn {
  readonly title: string
  readonly width: number
  readonly height: number
  readonly inside: string
}

/** One SVG document of one or more diagrams, one under the other, with a key to its lines. */
export async function toSvg(diagrams: readonly Diagram[]): Promise<string> {
  const viz = await instance()
  const drawn = diagrams.map((diagram) => layOut(diagram, viz.renderString(toDot(diagram), { format: 'svg' })))
  const keys = keysFor(diagrams)
  const key = keyOf(keys, Math.max(...drawn.map(({ width }) => width), 420))
  const width = margin * 2 + Math.max(...drawn.map((each) => each.width), key.width)
  const parts: string[] = []
  let top = margin
  for (const each of drawn) {
    parts.push(placed(each, top))
    top += headingHeight + each.height + gap
  }
  const height = top + key.height + margin
  return whole(diagrams, width, height, [...parts, keyAt(key, top)])
}

function layOut({ title }: Diagram, svg: string): Drawn {
  const box = /viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"/.exec(svg)
  const inside = svg.slice(svg.indexOf('<g '), svg.lastIndexOf('</svg>'))
  return { title, width: Number(box?.[1]), height: Number(box?.[2]), inside: withPlainTooltips(inside) }
}

/**
 * Graphviz titles each element by its internal name and writes tooltips as links that lead nowhere: the tooltip becomes the title.
 * What an author wrote never holds a bare quote or angle bracket here, so it is never taken for a tag.
 */
function withPlainTooltips(svg: string): string {
  return svg
    .replace(/<!--.*?-->\n/gs, '')
    .replace(/<title>.*?<\/title>\n/g, '')
    .replace(/<a xlink:title="([^"]*)">/g, '<g><title>$1</title>')
    .replaceAll('</a>', '</g>')
    .replace(/ id="[^"]*"/g, '')
}

function placed({ title, width, height, inside }: Drawn, top: number): string {
  const heading = `<text class="zgoda-heading" x="${margin}" y="${top + 18}">${escaped(title)}</text>`
  const frame = `x="${margin}" y="${top + headingHeight}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`
  return `${heading}\n<svg ${frame}>\n${inside}</svg>`
}

function keyAt({ inside }: Key, top: number): string {
  return `<g transform="translate(${margin} ${top})">\n${inside}\n</g>`
}

function whole(diagrams: readonly Diagram[], width: number, height: number, parts: readonly string[]): string {
  const title = diagrams.map((diagram) => diagram.title).join(', ')
  const description = diagrams.map(
    (diagram) => `${diagrams.length > 1 ? `${diagram.title}. ` : ''}${describe(diagram)}`,
  )
  const size = `width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="zgoda-diagram" role="img" ${size}>`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description.join(' '))}</desc>`,
    `<style>${style}</style>`,
    '<rect class="zgoda-paper" width="100%" height="100%"/>',
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
