// What the pages gain with scripts: they refresh when something changes, and cards can be dragged. All works without it too.

const live = document.getElementById('live')
const toast = document.getElementById('toast')
let dragged = null
let waiting = false

/** Loads the parts marked `data-live` anew; while a card is in the hand, later. */
function refresh() {
  if (dragged) waiting = true
  else if (live) htmx.trigger(live, 'refresh')
}

function concernsThisPage({ caseId, process, notification }) {
  const shown = live?.dataset ?? {}
  const shownCase = shown.case && shown.case === caseId
  const shownProcess = shown.process && shown.process === process
  return notification || shownCase || shownProcess || (!shown.case && !shown.process)
}

document.addEventListener('changed', (event) => {
  if (event.target.id === 'stream' && concernsThisPage(JSON.parse(event.detail.data))) refresh()
})

// What changed before the stream was open, at the start or in a break, went unheard.
document.addEventListener('htmx:sse:after:connection', refresh)

// What a person is typing is never overwritten. What they opened stays open by `morphIgnore` in the page's head.
document.addEventListener('input', (event) => {
  event.target.closest('[data-live] form')?.setAttribute('hx-morph-skip', '')
})

function tell(title, text) {
  toast.replaceChildren()
  const heading = document.createElement('strong')
  heading.textContent = title
  const reason = document.createElement('p')
  reason.textContent = text.replace(/`([^`]*)`/g, '“$1”')
  const close = document.createElement('button')
  close.textContent = toast.dataset.close
  close.addEventListener('click', () => toast.replaceChildren())
  toast.append(heading, reason, close)
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    toast?.replaceChildren()
    for (const menu of document.querySelectorAll('details.menu[open]')) menu.open = false
  }
})

document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.menu[open]'))
    if (!menu.contains(event.target)) menu.open = false
})

document.addEventListener('dragstart', (event) => {
  const card = event.target.closest?.('.card')
  if (!card) return
  dragged = card
  card.classList.add('in-hand')
  event.dataTransfer.effectAllowed = 'move'
  event.dataTransfer.setData('text/plain', card.dataset.case)
})

document.addEventListener('dragend', () => {
  dragged?.classList.remove('in-hand')
  for (const column of document.querySelectorAll('.column.over')) column.classList.remove('over')
  dragged = null
  if (waiting) {
    waiting = false
    refresh()
  }
})

document.addEventListener('dragover', (event) => {
  const column = dragged && event.target.closest?.('.column')
  for (const other of document.querySelectorAll('.column.over')) if (other !== column) other.classList.remove('over')
  if (!column || column.contains(dragged)) return
  event.preventDefault()
  column.classList.add('over')
})

document.addEventListener('drop', (event) => {
  const column = dragged && event.target.closest?.('.column')
  if (!column || column.contains(dragged)) return
  event.preventDefault()
  move(dragged, column)
})

/** The card goes over at once, and back where the server says no, with its reason. */
async function move(card, column) {
  const from = { parent: card.parentNode, next: card.nextSibling }
  let list = column.querySelector('.cards')
  if (!list) {
    list = document.createElement('ul')
    list.className = 'cards'
    column.append(list)
  }
  list.prepend(card)
  card.classList.add('moving')
  const problem = await askToMove(card.dataset.case, column.dataset.stage)
  card.classList.remove('moving')
  if (problem) {
    from.parent.insertBefore(card, from.next)
    card.classList.add('refused')
    card.addEventListener('animationend', () => card.classList.remove('refused'), { once: true })
    tell(toast.dataset.title, problem)
  }
  refresh()
}

async function askToMove(id, to) {
  try {
    const answer = await fetch(`/api/v1/cases/${id}/moves`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-csrf-token': document.getElementById('board').dataset.csrf,
        'idempotency-key': crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
      },
      body: JSON.stringify({ to }),
    })
    if (answer.ok) {
      await answer.text()
      return undefined
    }
    const problem = await answer.json()
    return problem.because ?? problem.detail ?? problem.title
  } catch (error) {
    return String(error.message ?? error)
  }
}

/*
 * A letter that is being written is kept as a draft a moment after the last key. Without scripts its buttons do that. Once a
 * button is pressed nothing is saved behind its back: the form brings all of it.
 */
const pauseInTyping = 1500
let saving = null
let saveSoon = 0

document.addEventListener('input', (event) => {
  const form = event.target.closest?.('form[data-autosave]')
  if (!form || event.target.type === 'file') return
  clearTimeout(saveSoon)
  saveSoon = setTimeout(() => saveDraft(form), pauseInTyping)
})

document.addEventListener('submit', (event) => {
  if (!event.target.matches?.('form[data-autosave]')) return
  clearTimeout(saveSoon)
  saveSoon = 0
  saving?.abort()
})

document.addEventListener('visibilitychange', () => {
  const form = document.querySelector('form[data-autosave]')
  if (document.visibilityState !== 'hidden' || !form || !saveSoon) return
  clearTimeout(saveSoon)
  saveDraft(form)
})

async function saveDraft(form) {
  saveSoon = 0
  saving?.abort()
  saving = new AbortController()
  const words = new FormData(form)
  words.delete('upload')
  const status = form.querySelector('[role=status]')
  try {
    const answer = await fetch(form.dataset.autosave, { method: 'POST', body: words, signal: saving.signal })
    if (!answer.ok) throw new Error(String(answer.status))
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })
    status.textContent = `${form.dataset.saved} (${time}).`
  } catch (error) {
    if (error.name !== 'AbortError') status.textContent = `${form.dataset.notSaved}.`
  }
}
