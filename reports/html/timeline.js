// A failure as lanes: one column per thread, one row per step, an arrow wherever another thread goes on.
const threadsOf = (steps) => [...new Set(steps.flatMap((step) => step.to ? [step.thread, step.to] : [step.thread]))].sort();

// The rows from a call to its answer, lane by lane; a call that never returned reaches to the end.
const callsOf = (steps) => {
  const open = new Map(), calls = [];
  steps.forEach((step, i) => {
    if (step.kind === 'begin') open.set(step.thread, {thread: step.thread, from: i, to: steps.length - 1});
    if (step.kind === 'call') calls.push({thread: step.thread, from: i, to: i});
    if ((step.kind === 'end' || step.kind === 'broken') && open.has(step.thread)) {
      calls.push({...open.get(step.thread), to: i});
      open.delete(step.thread);
    }
  });
  return [...calls, ...open.values()];
};

const chainOf = (step) => step.chain && step.chain.length ? step.chain
  : step.place ? [{place: step.place, function: step.function, source: step.source}] : [];
const told = (step) => `thread ${step.thread}: ${step.text}${step.to ? `, ${step.to} runs instead` : ''}`;
const hint = (step) => [told(step), ...chainOf(step).map((f) => `${f.place}  ${f.source || (f.function || '') + '()'}`),
  step.detail, step.wrong && `✗ ${step.wrong}`].filter(Boolean).join('\n');

// What the map held behind each step, which a step says only where it is another than before; the first: before all of
// them. Nothing where nobody looked.
const statesOf = (failure) => failure.state_before
  ? failure.steps.reduce((all, step) => [...all, step.state || all.at(-1)], [failure.state_before]) : [];

const sizeDiffers = (state) => state.size !== undefined && state.size !== state.entries.length + (state.more || 0);

// The entries, those that have come or gone since `before` marked as such.
const stateShown = (state, before) => {
  if (state.unseen) return el('p', {class: 'soft unseen'}, `Cannot be looked at: ${state.why}`);
  if (!state.entries) return el('div', {class: 'state'}, el(before && before.inside === state.inside ? 'span' : 'ins', {}, state.inside));
  const words = (list) => (list || []).map(([key, value]) => `${key}: ${value}`);
  const old = before && !before.unseen ? words(before.entries) : words(state.entries), now = words(state.entries);
  const gone = old.filter((entry) => !now.includes(entry)).map((entry) => el('del', {}, entry));
  const there = now.map((entry) => el(old.includes(entry) ? 'span' : 'ins', {}, entry));
  return [el('div', {class: 'state'}, there.length + gone.length ? [there, gone] : el('span', {class: 'soft'}, 'empty'),
    state.more ? el('span', {class: 'soft'}, `… ${grouped(state.more)} more`) : ''),
    sizeDiffers(state) ? el('p', {class: 'warn'}, `size() says ${state.size}`) : '',
    state.not_found ? el('p', {class: 'warn'}, `a look-up does not find ${state.not_found.join(', ')}`) : '',
    state.inside ? el('details', {}, el('summary', {}, 'Inside'), el('code', {}, state.inside)) : ''];
};

const timeline = (failure) => {
  const steps = failure.steps, threads = threadsOf(steps), calls = callsOf(steps), states = statesOf(failure);
  const lane = (thread) => threads.indexOf(thread) + 2;
  const colour = (thread) => `--lane: var(--lane-${(threads.indexOf(thread) % 6) + 1})`;
  const row = (i) => 2 * i + 2;
  const buttons = [];
  let current = -1;

  const inspector = el('div', {class: 'inspector', role: 'region', 'aria-label': 'The step', 'aria-live': 'polite'});
  const slider = el('input', {type: 'range', min: 1, max: Math.max(steps.length, 1), value: 1, 'aria-label': 'Step',
    oninput: () => show(Number(slider.value) - 1, false)});
  const output = el('output', {});
  const back = el('button', {type: 'button', 'aria-label': 'Previous step', onclick: () => show(current - 1, false)}, '◀');
  const on = el('button', {type: 'button', 'aria-label': 'Next step', onclick: () => show(current + 1, false)}, '▶');

  const isTold = (i) => states.length && !states[i + 1].unseen && entries(states[i + 1].entries) === entries(failure.at_the_end);
  const state = (i) => {
    const answers = steps.slice(0, i + 1).filter((step) => step.kind === 'call' || step.kind === 'end');
    const running = calls.filter((call) => call.from <= i && call.to >= i && steps[call.from].kind === 'begin' &&
      !(call.to === i && steps[i].kind === 'end'));
    return [
      states.length ? [] : failure.prefill && failure.prefill.length ? [el('h5', {}, 'The map at the start'), el('code', {}, entries(failure.prefill))] : [],
      running.length ? [el('h5', {}, 'Calls under way'), el('code', {}, running.map((c) => `${c.thread}: ${steps[c.from].text}`).join(' · '))] : [],
      answers.length ? [el('h5', {}, 'Answers so far'), el('code', {}, counted(answers.length, 'answer') + ', last: ' +
        `${answers.at(-1).thread} → ${answers.at(-1).text}`)] : [],
      i === steps.length - 1 && failure.at_the_end && !isTold(i) ? [el('h5', {}, 'The map at the end'), el('code', {}, entries(failure.at_the_end))] : [],
      i === steps.length - 1 && failure.inside ? [el('h5', {}, 'Inside'), el('code', {}, failure.inside)] : []];
  };

  const show = (wanted, focus) => {
    if (!steps.length) return;
    current = Math.min(Math.max(wanted, 0), steps.length - 1);
    const step = steps[current];
    buttons.forEach((button, i) => {
      button.classList.toggle('later', i > current);
      button.tabIndex = i === current ? 0 : -1;
      if (i === current) button.setAttribute('aria-current', 'step'); else button.removeAttribute('aria-current');
    });
    if (focus) buttons[current].focus({preventScroll: true});
    const box = buttons[current].getBoundingClientRect();
    if (focus && (box.top < 60 || box.bottom > innerHeight * .55)) buttons[current].scrollIntoView({block: 'center'});
    slider.value = current + 1;
    slider.setAttribute('aria-valuetext', `step ${current + 1} of ${steps.length}: ${told(step)}`);
    output.textContent = `${current + 1} of ${steps.length}`;
    back.disabled = current === 0;
    on.disabled = current === steps.length - 1;
    inspector.replaceChildren(
      el('h4', {}, told(step)), step.wrong ? el('p', {class: 'wrong'}, `✗ ${step.wrong}`) : '', step.detail ? el('p', {}, step.detail) : '',
      step.inside ? el('p', {class: 'soft'}, `within ${step.inside}`) : '', step.from ? el('p', {class: 'soft'}, `from ${step.from}`) : '',
      el('div', {}, states.length ? [el('h5', {}, failure.scenario === 'program' ? 'What there is after this step' : 'The map after this step'), stateShown(states[current + 1], states[current])] : ''),
      el('div', {}, chainOf(step).length ? [el('h5', {}, 'Source, innermost call first'), frameList(chainOf(step), step.place)] : '',
        state(current)));
  };

  const keys = (event) => {
    const moves = {ArrowDown: current + 1, ArrowRight: current + 1, ArrowUp: current - 1, ArrowLeft: current - 1,
      Home: 0, End: steps.length - 1};
    if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    show(moves[event.key], true);
  };

  const least = threads.length > 2 ? '11rem' : '8.5rem';
  const lanes = el('div', {class: 'lanes', role: 'group', 'aria-label': 'Steps by thread; arrow keys go through them', onkeydown: keys,
    style: `grid-template-columns: 2.1rem repeat(${threads.length}, minmax(${least}, 1fr))`});
  for (const thread of threads) {
    lanes.append(el('div', {class: 'lane-name', style: `${colour(thread)}; grid-row: 1; grid-column: ${lane(thread)}`}, `thread ${thread}`),
      el('div', {class: 'lane-line', style: `grid-row: 2 / ${row(steps.length)}; grid-column: ${lane(thread)}`}));
  }
  for (const call of calls) {
    lanes.append(el('div', {class: 'call', style: `${colour(call.thread)}; grid-row: ${row(call.from)} / ${row(call.to) + 1}; grid-column: ${lane(call.thread)}`}));
  }
  // What stands for steps that were made again and again has no number, as in text and in the debugger.
  let numbered = 0;
  steps.forEach((step, i) => {
    const number = step.kind === 'repeated' ? '' : String(++numbered);
    const button = el('button', {type: 'button', class: `step ${step.kind}`, title: hint(step), tabindex: -1, onclick: () => show(i, false),
      style: `${colour(step.thread)}; grid-row: ${row(i)}; grid-column: ${lane(step.thread)}`},
      el('span', {class: 'what'}, step.text), step.place ? [' ', el('span', {class: 'at'}, step.place)] : '',
      step.source && step.kind !== 'preempted' ? el('span', {class: 'code'}, step.source) : '',
      step.wrong ? el('span', {class: 'wrong'}, `✗ ${step.wrong}`) : '');
    button.setAttribute('aria-label', `Step ${number}, ${told(step)}${step.place ? `, ${step.place}` : ''}${step.wrong ? `; wrong: ${step.wrong}` : ''}`);
    buttons.push(button);
    lanes.append(el('div', {class: 'number', 'aria-hidden': 'true', style: `grid-row: ${row(i)}; grid-column: 1`}, number), button);
    const next = steps[i + 1];
    const to = step.to || (next && next.thread !== step.thread ? next.thread : '');
    if (!to || to === step.thread) return;
    const from = lane(step.thread), onto = lane(to);
    lanes.append(el('div', {class: `arrow ${from < onto ? 'right' : 'left'} ${step.to ? '' : 'handed'}`, 'aria-hidden': 'true',
      style: `grid-row: ${row(i) + 1}; grid-column: ${Math.min(from, onto)} / ${Math.max(from, onto)}`}));
  });
  const view = el('div', {}, el('div', {class: 'player'}, back, slider, on, output),
    el('div', {class: `stage ${threads.length > 3 ? 'wide' : ''}`}, lanes, inspector));
  // The first switch is where it begins to go wrong, if nothing says so itself.
  const marked = steps.findIndex((step) => step.wrong);
  show(Math.max(marked >= 0 ? marked : steps.findIndex((step) => step.kind === 'preempted'), 0), false);
  return view;
};
