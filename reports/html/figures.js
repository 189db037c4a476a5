// Which operations met which, and what they used: there where the campaign ran with --figures.
const pairTable = (map, operations) => {
  const names = Object.keys(operations).filter((name) => operations[name].meets);
  if (!names.length) return '';
  const met = (a, b) => operations[a].meets[b] || 0;
  const most = Math.max(1, ...names.flatMap((a) => names.map((b) => met(a, b))));
  const cell = (a, b) => {
    const number = met(a, b), strength = number ? .08 + .5 * Math.sqrt(number / most) : 0;
    return el('td', {class: number ? '' : 'none', style: `background: rgba(var(--heat), ${strength.toFixed(2)})`,
      title: `${a} and ${b} overlapped ${counted(number, 'time')}`}, number ? grouped(number) : 'never');
  };
  return el('div', {}, el('h3', {}, map), el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Operation pairs of ${map}`},
    el('table', {class: 'heat'}, el('caption', {class: 'soft', style: 'text-align: left; padding: .4rem .75rem'}, 'Pairs of calls that overlapped in time'),
      el('thead', {}, el('tr', {}, el('td', {}), names.map((name) => el('th', {scope: 'col', class: 'num'}, name)))),
      el('tbody', {}, names.map((a) => el('tr', {}, el('th', {scope: 'row'}, a), names.map((b) => cell(a, b))))))));
};

const usageTable = (map, operations) => {
  const names = Object.keys(operations).filter((name) => operations[name].calls);
  const columns = [['steps', 'p50'], ['steps', 'p99'], ['steps', 'max'], ['latency_ns', 'p50'], ['latency_ns', 'p99'], ['waits', 'max'], ['allocations', 'max']];
  if (!names.length) return '';
  return el('div', {class: 'scroll', style: 'margin-top: .6rem', tabindex: 0, role: 'region', 'aria-label': `What operations of ${map} used`}, el('table', {},
    el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'Operation'), el('th', {scope: 'col', class: 'num'}, 'Calls'),
      columns.map(([figure, statistic]) => el('th', {scope: 'col', class: 'num'}, `${figure.replace('_', ' ')} ${statistic}`)))),
    el('tbody', {}, names.map((name) => el('tr', {}, el('th', {scope: 'row'}, name), el('td', {class: 'num'}, grouped(operations[name].calls)),
      columns.map(([figure, statistic]) => el('td', {class: 'num'}, grouped((operations[name][figure] || {})[statistic]))))))));
};

const figures = () => {
  const maps = Object.entries(summary.figures || {});
  if (!maps.length) return '';
  return el('section', {'aria-labelledby': 'h-figures'}, el('h2', {id: 'h-figures'}, 'Operations'),
    maps.map(([map, operations]) => [pairTable(map, operations), usageTable(map, operations)]));
};

head();
document.getElementById('main').append(...[defects(), failureList(), cellTable(), figures()].filter(Boolean));
document.getElementById('foot').append(`mapquake ${report.mapquake}`, summary.figures || !cells.length ? ''
  : ' · with --figures, a campaign also tells which operations overlapped, and what they used');
addEventListener('hashchange', openTarget);
openTarget();
