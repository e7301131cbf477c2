/** The look of every diagram, in light and dark. Class names carry the product's, for an SVG inside a page shares its styles. */
export const style = `
.zgoda-diagram {
  --paper: #ffffff; --ink: #1f2937; --soft: #4b5563; --box: #f8fafc; --edge: #475569;
  --good: #dcfce7; --good-edge: #15803d; --person: #1d4ed8; --client: #6d28d9; --itself: #4b5563; --lack: #b91c1c;
  --special: #fde2c8; --special-edge: #9a3412; --personal: #dbeafe; --personal-edge: #1d4ed8;
  font-family: Helvetica, Arial, "Liberation Sans", system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
  .zgoda-diagram {
    --paper: #111827; --ink: #f3f4f6; --soft: #cbd5e1; --box: #1f2937; --edge: #94a3b8;
    --good: #14391f; --good-edge: #4ade80; --person: #93c5fd; --client: #c4b5fd; --itself: #cbd5e1; --lack: #fca5a5;
    --special: #4a2712; --special-edge: #fdba74; --personal: #1e3250; --personal-edge: #93c5fd;
  }
}
.zgoda-diagram text { fill: var(--ink); font-family: inherit }
.zgoda-diagram .zgoda-paper { fill: var(--paper) }
.zgoda-diagram .zgoda-heading { font-size: 18px; font-weight: bold }
.zgoda-diagram .zgoda-key { font-size: 12px; fill: var(--soft) }
.zgoda-diagram .stage { --fill: var(--box); --stroke: var(--edge) }
.zgoda-diagram .success { --fill: var(--good); --stroke: var(--good-edge) }
.zgoda-diagram .data-special { --fill: var(--special); --stroke: var(--special-edge) }
.zgoda-diagram .data-personal { --fill: var(--personal); --stroke: var(--personal-edge) }
.zgoda-diagram .data-none { --fill: var(--paper); --stroke: var(--edge) }
.zgoda-diagram [class*="data-"].success { --stroke: var(--good-edge) }
.zgoda-diagram .stage :is(path, polygon) { fill: var(--fill); stroke: var(--stroke) }
.zgoda-diagram .stage [fill="none"] { fill: none }
.zgoda-diagram .anywhere path { fill: none; stroke: var(--edge) }
.zgoda-diagram .start ellipse { fill: var(--edge); stroke: var(--edge) }
.zgoda-diagram .way path, .zgoda-diagram .zgoda-key-line { fill: none; stroke: var(--way) }
.zgoda-diagram .way polygon { fill: var(--way); stroke: var(--way) }
.zgoda-diagram .way text { fill: var(--way) }
.zgoda-diagram .begin { --way: var(--edge) }
.zgoda-diagram .person { --way: var(--person) }
.zgoda-diagram .client { --way: var(--client) }
.zgoda-diagram .itself { --way: var(--itself) }
.zgoda-diagram .lack { --way: var(--lack) }
`
