// The page: verdict, defects, failures, cells, operation pairs. `report` is the document, docs/campaign.schema.json.
const report = JSON.parse(document.getElementById('document').textContent);
const summary = report.summary, cells = report.cells || [], failures = report.reports || [];
const judged = (report.verdicts || []).length > 0;
const isExpected = (thing) => judged && thing.expected;
const headline = (failure) => failure.outcome + (failure.label ? ` (${failure.label})` : '');
const idOf = (replay) => `failure-${failures.findIndex((failure) => failure.replay === replay) + 1}`;
const isTold = (replay) => Boolean(replay) && failures.some((failure) => failure.replay === replay);
const linkTo = (replay, text) => isTold(replay) ? el('a', {href: `#${idOf(replay)}`}, text) : text;
const withVerdict = (word) => cells.filter((cell) => cell.verdict === word).length;

const head = () => {
  const found = summary.defects.filter((defect) => defect.counts && !isExpected(defect)).length;
  const wrong = (report.verdicts || []).filter((verdict) => !verdict.as_expected);
  const silent = withVerdict('not run'), unseen = withVerdict('not looked into'), failed = found > 0 || wrong.length > 0;
  const lead = found ? counted(found, 'distinct failure') : wrong.length ? `${counted(wrong.length, 'map')} did not do what is expected`
    : silent || unseen ? 'Undecided' : judged ? 'All maps did what is expected' : 'No failure found';
  const fact = (number, text, kind) => el('li', {class: kind}, el('b', {}, number), ` ${text}`);
  document.title = `mapquake: ${lead}`;
  document.getElementById('top').append(
    el('h1', {}, 'mapquake report'),
    el('p', {class: `lead ${failed ? 'bad' : silent || unseen ? 'warn' : 'good'}`}, lead),
    el('ul', {class: 'facts'},
      fact(grouped(summary.executions), 'executions'), fact(`${Number(summary.seconds).toFixed(1)} s`, 'of searching'),
      cells.length ? fact(`${withVerdict('clean')} of ${cells.length}`, 'cells clean') : '',
      silent ? fact(silent, 'not run', 'warn') : '', unseen ? fact(unseen, 'failed, not looked into', 'warn') : '',
      withVerdict('in another shard') ? fact(withVerdict('in another shard'), 'in other shards') : '',
      Object.entries(summary.executions_by_hazard || {}).map(([name, number]) => fact(grouped(number), `under ${name}`))),
    wrong.length ? el('ul', {}, wrong.map((verdict) => el('li', {}, el('strong', {}, verdict.map), `: ${verdict.sentence}`))) : '');
};

// By signature: what several findings share is one defect.
const defects = () => {
  if (!summary.defects.length) return '';
  const groups = new Map();
  for (const defect of summary.defects) {
    const key = `${defect.map} ${defect.signature || defect.headline + defect.state}`;
    groups.set(key, [...(groups.get(key) || []), defect]);
  }
  const stateOf = (defect) => isExpected(defect) ? el('span', {class: 'badge'}, 'expected')
    : el('span', {class: `badge ${defect.counts ? 'bad' : 'warn'}`}, defect.state);
  const rows = [...groups.values()].map((group) => {
    const first = group[0], where = new Map();
    for (const defect of group) for (const [name, hits] of Object.entries(defect.scenarios || {})) where.set(name, (where.get(name) || 0) + hits);
    return el('tr', {}, el('th', {scope: 'row'}, first.map), el('td', {}, group.map((defect, i) => [i ? ', ' : '', linkTo(defect.replay, defect.headline)])),
      el('td', {}, stateOf(first)), el('td', {class: 'num'}, grouped(group.reduce((sum, defect) => sum + defect.executions, 0))),
      el('td', {class: 'optional'}, [...where].map(([name, hits]) => `${name} ${grouped(hits)}`).join(', ')),
      el('td', {class: 'optional mono soft'}, first.signature));
  });
  return el('section', {'aria-labelledby': 'h-defects'}, el('h2', {id: 'h-defects'}, 'Defects'),
    el('div', {class: `scroll ${rows.length > 16 ? 'tall' : ''}`, tabindex: 0, role: 'region', 'aria-labelledby': 'h-defects'}, el('table', {},
      el('thead', {}, el('tr', {}, ['Map', 'Defect', 'State'].map((name) => el('th', {scope: 'col'}, name)),
        el('th', {scope: 'col', class: 'num'}, 'Executions'), el('th', {scope: 'col', class: 'optional'}, 'Where'),
        el('th', {scope: 'col', class: 'optional'}, 'Signature'))), el('tbody', {}, rows))));
};

const stacksOf = (title, stacks, text) => stacks && stacks.length ? [el('h3', {}, title), el('div', {class: 'columns'}, stacks.map((stack) =>
  el('div', {class: 'stack'}, el('strong', {}, `${stack.thread}: ${stack[text]}`), frameList(stack.stack || []))))] : [];

const failureBody = (failure) => {
  const minimal = failure.proven_minimal ? 'Proven minimal.' : failure.minimal ? 'Nothing can be left out.' : 'Perhaps not minimal.';
  return el('div', {class: 'body'},
    el('p', {class: 'why'}, failure.why || headline(failure)),
    el('p', {class: 'soft'}, [failure.size, minimal].filter(Boolean).join(' · ')),
    (failure.given || []).map((given) => el('p', {}, `Given: ${given}`)),
    failure.replay ? command(`mapquake replay ${quoted(failure.replay)}`) : '',
    timeline(failure), failure.memory ? el('p', {}, failure.memory) : '',
    stacksOf('What was made to fail', failure.failure_points, 'text'), stacksOf('Where the threads stood', failure.thread_states, 'state'),
    failure.claim ? el('p', {class: 'soft'}, `Claim: ${failure.claim}`) : '');
};

const failureList = () => {
  if (!failures.length) return '';
  const order = failures.map((failure, i) => ({failure, i})).sort((a, b) => Number(isExpected(a.failure)) - Number(isExpected(b.failure)));
  const items = order.map(({failure, i}) => {
    const item = el('details', {class: 'failure', id: `failure-${i + 1}`, ontoggle: () => {
      if (item.open && !item.querySelector('.body')) item.append(failureBody(failure));
    }}, el('summary', {}, el('strong', {class: isExpected(failure) ? '' : 'bad'}, headline(failure)),
      el('span', {}, `${failure.map} × ${failure.scenario}`), isExpected(failure) ? el('span', {class: 'badge'}, 'expected') : ''));
    return item;
  });
  if (!isExpected(order[0].failure) || items.length === 1) items[0].open = true;
  return el('section', {'aria-labelledby': 'h-failures'}, el('h2', {id: 'h-failures'}, 'Failures'), items);
};

const verdictOf = (cell) => {
  const kind = isExpected(cell) ? 'soft' : {clean: 'good', failed: 'bad'}[cell.verdict] || 'warn';
  const mark = {clean: '✓ ', failed: '✗ ', 'not run': '○ ', 'in another shard': '○ '}[cell.verdict] || '? ';
  const what = (cell.findings || []).map((finding, i) => [i ? ', ' : ': ', linkTo(cell.replay[i], finding)]);
  return el('td', {}, el('span', {class: kind}, mark + cell.verdict), what, isExpected(cell) ? ', as expected' : '');
};

const cellTable = () => {
  if (!cells.length) return '';
  const rows = cells.map((cell) => el('tr', {}, el('th', {scope: 'row'}, cell.map), el('td', {}, cell.scenario),
    el('td', {class: 'num'}, grouped(cell.executions)), el('td', {class: 'num optional'}, grouped(cell.executions_per_s)),
    el('td', {class: 'num optional'}, grouped(cell.coverage)), verdictOf(cell)));
  const count = el('span', {class: 'soft', role: 'status'});
  const filter = () => {
    let shown = 0;
    rows.forEach((row, i) => {
      const fits = `${cells[i].map} ${cells[i].scenario} ${cells[i].verdict}`.includes(search.value.trim()) &&
        !(open.checked && (cells[i].verdict === 'clean' || isExpected(cells[i])));
      row.hidden = !fits;
      shown += fits;
    });
    count.textContent = `${shown} of ${cells.length}`;
  };
  const search = el('input', {type: 'search', placeholder: 'Map, scenario or verdict', 'aria-label': 'Show cells that contain', oninput: filter});
  const open = el('input', {type: 'checkbox', onchange: filter});
  filter();
  const heading = (name, kind) => el('th', {scope: 'col', class: kind}, name);
  return el('section', {'aria-labelledby': 'h-cells'}, el('h2', {id: 'h-cells'}, 'Cells'),
    el('div', {class: 'tools'}, search, el('label', {class: 'check'}, open, 'only what is not clean'), count),
    el('div', {class: `scroll ${cells.length > 20 ? 'tall' : ''}`, tabindex: 0, role: 'region', 'aria-labelledby': 'h-cells'}, el('table', {id: 'cells'},
      el('thead', {}, el('tr', {}, heading('Map'), heading('Scenario'), heading('Executions', 'num'), heading('per second', 'num optional'),
        heading('Coverage', 'num optional'), heading('Verdict'))), el('tbody', {}, rows))));
};

const openTarget = () => {
  const target = location.hash.startsWith('#failure-') && document.getElementById(location.hash.slice(1));
  if (!target) return;
  target.open = true;
  target.querySelector('summary').focus({preventScroll: true});
  target.scrollIntoView();
};
