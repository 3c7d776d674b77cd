/* Draws the figures of a report with ECharts. The data is in #report-data; every figure is a table too (in <details>), so
 * nothing here is needed to read one. Colours come from the style sheet, sizes from the place a chart stands in. */
(function () {
  'use strict';

  var report = JSON.parse(document.getElementById('report-data').textContent);
  var root = document.documentElement;
  var charts = [];
  var ruler = document.createElement('canvas').getContext('2d');

  function color(name) {
    return getComputedStyle(root).getPropertyValue('--' + name).trim();
  }

  function onPaper() {
    return root.classList.contains('paper');
  }

  function thick() {
    return onPaper() ? 13 : 17;
  }

  function font() {
    return getComputedStyle(document.body).fontFamily;
  }

  function widest(texts, size) {
    ruler.font = size + 'px ' + font();
    return texts.reduce(function (w, t) { return Math.max(w, ruler.measureText(t).width); }, 0);
  }

  /* The drawn columns of a figure, each as {title, values, texts}. */
  function drawn(figure) {
    var out = [];
    figure.columns.forEach(function (column, c) {
      if (column.drawn)
        out.push({
          title: column.title,
          values: figure.values.map(function (row) { return row[c]; }),
          texts: figure.texts.map(function (row) { return row[c]; })
        });
    });
    return out;
  }

  function most(values) {
    return values.reduce(function (m, v) { return v === null ? m : Math.max(m, v); }, 0);
  }

  /* A number as two digits of hex, for colours between two colours. */
  function between(from, to, t) {
    function part(color, i) { return parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16); }
    return '#' + [0, 1, 2].map(function (i) {
      var v = Math.round(part(from, i) + (part(to, i) - part(from, i)) * t);
      return (v < 16 ? '0' : '') + v.toString(16);
    }).join('');
  }

  /* A text in lines of at most `width`: broken at spaces and between Chinese characters, never inside a number. */
  function wrap(text, width, size) {
    var lines = [''];
    (text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*/g) || []).forEach(function (word) {
      var last = lines[lines.length - 1];
      if (last && widest([(last + word).trim()], size) > width)
        lines.push(word);
      else
        lines[lines.length - 1] = last + word;
    });
    return lines.map(function (line) { return line.trim(); }).join('\n');
  }

  function linesOf(texts) {
    return texts.reduce(function (n, t) { return Math.max(n, t.split('\n').length); }, 1);
  }

  function pieces(texts) {
    return texts.join('\n').split('\n');
  }

  /* Of nothing there is no bar, not even a thin one. */
  function some(v) {
    return v === 0 ? null : v;
  }

  /* How light a colour is to the eye, 0 to 1 (WCAG's relative luminance). */
  function lightness(hex) {
    var parts = [1, 3, 5].map(function (i) {
      var v = parseInt(hex.slice(i, i + 2), 16) / 255;
      return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  }

  /* The one of two colours that reads better on a third. */
  function readable(on, one, other) {
    function contrast(a) {
      var x = lightness(a) + 0.05, y = lightness(on) + 0.05;
      return Math.max(x / y, y / x);
    }
    return contrast(one) >= contrast(other) ? one : other;
  }

  /* ---- axes */

  function names(rows, width, inverse) {
    return {
      type: 'category', data: rows, inverse: inverse,
      axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false },
      axisLabel: { color: color('ink'), fontSize: 12, lineHeight: 14, width: width, overflow: 'break', interval: 0, margin: 10 }
    };
  }

  /* The height of a row whose name takes as many lines as it needs. */
  function rowHeight(rows, room) {
    var text = widest(rows, 12), one = onPaper() ? 23 : 30;
    return text <= room ? one : one - 20 + 14 * Math.ceil(text / Math.max(room - 14, 40));
  }

  function scale(max, min) {
    return { type: 'value', show: false, min: min || 0, max: max || 1 };
  }

  function grid(left, right, top, bottom) {
    return { left: left, right: right, top: top, bottom: bottom, outerBoundsMode: 'none' };
  }

  function labelRoom(rows, width) {
    return Math.ceil(Math.min(widest(rows, 12) + 4, width * 0.44));
  }

  function valueLabels(position, texts) {
    return {
      show: true, position: position, color: color('ink-soft'), fontSize: 11,
      formatter: function (p) { return texts[p.dataIndex]; }
    };
  }

  /* ---- one function a chart: figure, its place's width -> option */

  var draw = {};

  draw.bars = function (f, width) {
    var columns = drawn(f), main = columns[0], other = columns[1];
    var room = labelRoom(f.rows, width), right = widest(main.texts, 11) + 14;
    var max = Math.max(most(main.values), other ? most(other.values) : 0);
    var series = [{
      type: 'bar', name: main.title, data: main.values.map(some), barWidth: thick(), barMinHeight: 1,
      itemStyle: { color: color('c1'), borderRadius: [0, 2, 2, 0] }
    }];
    if (!other)
      series[0].label = valueLabels('right', main.texts);
    else
      series.push({ /* at the edge, where no mark is in the way */
        type: 'scatter', symbolSize: 0, silent: true, itemStyle: { opacity: 1 }, label: valueLabels('right', main.texts),
        data: main.values.map(function (v, i) { return [max, i]; })
      }, {
        type: 'scatter', name: other.title, symbol: 'rect', symbolSize: [2.5, thick() + 3], z: 5,
        data: other.values.map(function (v, i) { return v === null ? null : [v, i]; }),
        itemStyle: { color: color('ink'), opacity: 1 }
      });
    return {
      height: f.rows.length * rowHeight(f.rows, room) + 6,
      grid: grid(room + 14, right, 2, 2),
      xAxis: scale(max), yAxis: names(f.rows, room, true), series: series
    };
  };

  draw.columns = function (f, width) {
    var main = drawn(f)[0], band = (width - 8) / f.rows.length;
    var rows = f.rows.map(function (row) { return wrap(row, band - 6, 11); }), lines = linesOf(rows);
    if (band < Math.max(widest(main.texts, 11), widest(pieces(rows), 11)) + 4 || lines > 4)
      return draw.bars(f, width);
    var axis = names(rows, band, false);
    axis.axisLabel.overflow = 'none';
    axis.axisLabel.fontSize = 11;
    axis.axisLabel.margin = 8;
    axis.axisLine = { show: true, lineStyle: { color: color('rule') } };
    return {
      height: 210 + 14 * lines,
      grid: grid(4, 4, 20, 12 + 14 * lines),
      xAxis: axis, yAxis: scale(most(main.values)),
      series: [{
        type: 'bar', name: main.title, data: main.values.map(some), barWidth: '72%', barMinHeight: 1,
        itemStyle: { color: color('c1'), borderRadius: [2, 2, 0, 0] }, label: valueLabels('top', main.texts)
      }]
    };
  };

  draw.lines = function (f, width) {
    var columns = drawn(f);
    var room = Math.min(widest(columns.map(function (c) { return c.title; }), 11) + 12, width * 0.35);
    var all = columns.reduce(function (a, c) { return a.concat(c.values); }, []).filter(function (v) { return v !== null; });
    var top = most(all), low = Math.min.apply(null, all), zero = columns.length > 1 || low < top / 2;
    var single = columns.length === 1;
    var axis = names(f.rows, 0, false);
    axis.boundaryGap = false;
    axis.axisLine = { show: true, lineStyle: { color: color('rule') } };
    axis.axisLabel = { color: color('ink-soft'), fontSize: 11, hideOverlap: true, alignMinLabel: 'left', alignMaxLabel: 'right' };
    return {
      height: 230,
      grid: grid(8, single ? 16 : room + 8, 24, 28),
      xAxis: axis, yAxis: scale(top, zero ? 0 : low - (top - low) * 0.5),
      series: columns.map(function (c, i) {
        var ink = color('c' + (i % 6 + 1));
        return {
          type: 'line', name: c.title, data: c.values, symbol: 'circle', symbolSize: 6, connectNulls: false,
          lineStyle: { width: 2, color: ink }, itemStyle: { color: ink },
          label: single ? valueLabels('top', c.texts) : { show: false },
          labelLayout: single ? { hideOverlap: true } : { moveOverlap: 'shiftY' },
          endLabel: { show: !single, color: ink, fontSize: 11, formatter: function () { return c.title; } }
        };
      })
    };
  };

  draw.cells = function (f, width) {
    var columns = drawn(f), nx = columns.length, ny = f.rows.length;
    var room = labelRoom(f.rows, width), cell = (width - room - 18) / nx;
    var tall = Math.max(24, Math.min(44, cell)), heads = columns.map(function (c) { return wrap(c.title, cell - 4, 11); });
    var crowded = widest(pieces(heads), 11) > cell - 2, lines = linesOf(heads);
    var fits = widest(columns.reduce(function (all, c) { return all.concat(c.texts); }, []), 11) < cell - 4;
    var max = columns.reduce(function (m, c) { return Math.max(m, most(c.values)); }, 0);
    var data = [];
    columns.forEach(function (c, x) {
      c.values.forEach(function (v, y) {
        var t = v === null || !max ? 0 : Math.pow(v / max, 0.75), tint = between(color('tint0'), color('tint1'), t);
        data.push({
          value: [x, y], texts: c.texts[y], row: y, column: c.title,
          itemStyle: { color: v === null ? (c.texts[y] ? color('empty') : 'transparent') : v === 0 ? color('none') : tint },
          label: { color: v ? readable(tint, color('ink'), color('tint-ink')) : color('ink-soft') }
        });
      });
    });
    var axis = names(heads, 0, false);
    axis.position = 'top';
    axis.axisLabel = { color: color('ink-soft'), fontSize: 11, margin: 8, lineHeight: 14, interval: crowded ? 'auto' : 0, hideOverlap: crowded };
    return {
      height: tall * ny + 16 + 14 * lines,
      grid: grid(room + 14, 4, 12 + 14 * lines, 4),
      xAxis: axis, yAxis: names(f.rows, room, true),
      series: [{
        type: 'scatter', symbol: 'rect', symbolSize: [Math.max(cell - 2, 2), tall - 2], data: data, itemStyle: { opacity: 1 },
        label: { show: fits, fontSize: 11, formatter: function (p) { return p.data.texts; } }
      }]
    };
  };

  draw.pyramid = function (f, width) {
    var sides = drawn(f), room = labelRoom(f.rows, width);
    var max = Math.max(most(sides[0].values), most(sides[1].values));
    return {
      height: f.rows.length * rowHeight(f.rows, room) + 6,
      grid: grid(room + 14, 8, 2, 2),
      xAxis: scale(max * 1.3, -max * 1.3), yAxis: names(f.rows, room, true),
      series: sides.map(function (side, i) {
        return {
          type: 'bar', name: side.title, stack: 'all', barWidth: thick() + 2,
          data: side.values.map(function (v) { return v === null ? null : i ? v : -v; }),
          itemStyle: { color: color(i ? 'c2' : 'c1') }, label: valueLabels(i ? 'right' : 'left', side.texts)
        };
      })
    };
  };

  draw.index = function (f, width) {
    var columns = drawn(f), index = columns[0], none = index.values.map(function () { return null; });
    var low = columns[1] ? columns[1].values : none, high = columns[2] ? columns[2].values : none;
    var room = labelRoom(f.rows, width), right = widest(index.texts, 11) + 12;
    var max = index.values.reduce(function (m, v, i) {
      return v === null ? m : Math.max(m, Math.min(high[i] === null ? v : high[i], v * 1.6));
    }, 130);
    var whiskers = [];
    index.values.forEach(function (v, i) {
      if (v !== null && low[i] !== null)
        whiskers.push([{ coord: [low[i], i] }, { coord: [Math.min(high[i], max), i] }]);
    });
    var axis = scale(max * 1.02);
    axis.show = true;
    axis.position = 'top';
    axis.axisLine = axis.axisTick = axis.splitLine = { show: false };
    axis.axisLabel = { color: color('ink-soft'), fontSize: 11, margin: 4, customValues: [100] };
    return {
      height: f.rows.length * rowHeight(f.rows, room) + 26,
      grid: grid(room + 14, right + 4, 20, 2),
      xAxis: axis, yAxis: names(f.rows, room, true),
      series: [{
        type: 'bar', stack: 'all', barWidth: thick(), silent: true, itemStyle: { color: 'transparent' },
        data: index.values.map(function (v) { return v === null ? null : Math.min(v, 100); })
      }, {
        type: 'bar', name: index.title, stack: 'all', barWidth: thick(),
        data: index.values.map(function (v) {
          return v === null ? null : { value: Math.abs(v - 100), itemStyle: { color: color(v < 100 ? 'c2' : 'c1') } };
        }),
        markLine: {
          silent: true, symbol: 'none', animation: false, label: { show: false },
          lineStyle: { color: color('ink'), width: 1.2, type: 'solid' }, data: whiskers
        }
      }, {
        type: 'scatter', symbolSize: 0, silent: true, itemStyle: { opacity: 1 },
        data: index.values.map(function (v, i) { return v === null ? null : [Math.min(Math.max(high[i], v, 100), max), i]; }),
        label: valueLabels('right', index.texts),
        markLine: {
          silent: true, symbol: 'none', animation: false, data: [{ xAxis: 100 }],
          lineStyle: { color: color('ink-soft'), width: 1, type: 'dashed' }, label: { show: false }
        }
      }]
    };
  };

  /* Numbers on both axes. A curve of two points only, from corner to corner, is what the others are held against. */
  draw.curves = function (f, width) {
    var columns = drawn(f), x = columns[0], curves = columns.slice(1);
    var named = curves.length > 1, room = named ? 30 : 8;
    function ends(values) {
      var known = values.filter(function (v) { return v !== null; });
      return [Math.min.apply(null, known), Math.max.apply(null, known)];
    }
    var across = ends(x.values), up = ends(curves.reduce(function (all, c) { return all.concat(c.values); }, []));
    var share = across[0] >= 0 && across[1] <= 1 && up[0] >= 0 && up[1] <= 1 && up[1] > 0.5;
    function axis(range, name) {
      return {
        type: 'value', show: true, name: name, nameLocation: 'middle', nameGap: 24, scale: true,
        min: share ? 0 : range[0], max: share ? 1 : range[1],
        nameTextStyle: { color: color('ink-soft'), fontSize: 11 }, axisTick: { show: false },
        axisLine: { show: true, lineStyle: { color: color('rule') } }, splitLine: { lineStyle: { color: color('rule') } },
        axisLabel: { color: color('ink-soft'), fontSize: 11, hideOverlap: true, showMinLabel: true,
          formatter: function (v) { return String(parseFloat(v.toPrecision(3))); } }
      };
    }
    var bottom = axis(across, x.title), side = axis(up, '');
    if (!share) {
      var margin = (up[1] - up[0]) * 0.08 || Math.abs(up[1]) * 0.1 || 1;
      side.min = up[0] >= 0 ? Math.max(0, up[0] - margin) : up[0] - margin;
      side.max = up[1] + margin;
    }
    return {
      height: 290 + room,
      grid: grid(48, 16, room, 46),
      legend: named ? { show: true, top: 0, left: 44, itemWidth: 16, itemHeight: 8, textStyle: { color: color('ink-soft'), fontSize: 11 } } : undefined,
      xAxis: bottom, yAxis: side,
      series: curves.map(function (c, i) {
        var points = [];
        c.values.forEach(function (v, row) {
          if (v !== null)
            points.push({ value: [x.values[row], v], row: row });
        });
        var aside = points.length === 2 && points[0].value.join() === '0,0' && points[1].value.join() === '1,1';
        var ink = aside ? color('ink-soft') : color('c' + (i % 6 + 1));
        return {
          type: 'line', name: c.title, data: points, symbol: 'circle', symbolSize: points.length > 30 || aside ? 0 : 6, showSymbol: true,
          lineStyle: { width: aside ? 1 : 2, color: ink, type: aside ? 'dashed' : 'solid' }, itemStyle: { color: ink }
        };
      })
    };
  };

  /* Each bar begins where the sum before it ends. All is moved to the right of zero, where bars can stand on each other. */
  draw.fall = function (f, width) {
    var columns = drawn(f), added = columns[0], sum = columns[1], bounds = columns.slice(2);
    var from = sum.values.map(function (v, i) { return v - added.values[i]; });
    var ends = from.concat(sum.values, bounds.map(function (b) { return b.values[0]; }), [0]);
    var low = Math.min.apply(null, ends), high = Math.max.apply(null, ends), margin = (high - low) * 0.02 || 1;
    var room = labelRoom(f.rows, width), right = widest(added.texts, 11) + 14;
    low -= margin;
    function line(at, name, ink) {
      return {
        xAxis: at - low, lineStyle: { color: ink, width: 1, type: 'dashed' },
        label: { show: !!name, formatter: name, color: color('ink-soft'), fontSize: 11, position: 'start' }
      };
    }
    var lines = bounds.map(function (b) { return line(b.values[0], b.title, color('ink-soft')); });
    lines.push(line(0, '', color('rule')));
    return {
      height: f.rows.length * rowHeight(f.rows, room) + 30,
      grid: grid(room + 14, right, 24, 2),
      xAxis: scale(high - low + margin), yAxis: names(f.rows, room, true),
      series: [{
        type: 'bar', stack: 'all', barWidth: thick(), silent: true, itemStyle: { color: 'transparent' },
        data: from.map(function (v, i) { return Math.min(v, sum.values[i]) - low; }),
        markLine: { silent: true, symbol: 'none', animation: false, data: lines }
      }, {
        type: 'bar', name: added.title, stack: 'all', barWidth: thick(),
        data: added.values.map(function (v) {
          return { value: some(Math.abs(v)), itemStyle: { color: color(v < 0 ? 'c2' : 'c1') } };
        })
      }, {
        type: 'scatter', symbolSize: 0, silent: true, itemStyle: { opacity: 1 }, label: valueLabels('right', added.texts),
        data: from.map(function (v, i) { return [Math.max(v, sum.values[i]) - low, i]; })
      }]
    };
  };

  /* ---- drawing */

  function tip(figure) {
    return function (p) {
      var box = document.createElement('div'), row = p.data && p.data.row !== undefined ? p.data.row : p.dataIndex;
      var head = document.createElement('strong');
      head.textContent = figure.rows[row];
      box.appendChild(head);
      figure.columns.forEach(function (column, c) {
        if (p.data && p.data.column !== undefined && p.data.column !== column.title)
          return;
        var line = document.createElement('div');
        line.textContent = column.title + '  ' + figure.texts[row][c];
        box.appendChild(line);
      });
      return box;
    };
  }

  function show(entry) {
    var width = entry.place.clientWidth;
    if (!width)
      return;
    var option = draw[entry.figure.chart](entry.figure, width), height = option.height;
    delete option.height;
    option.animation = false;
    option.textStyle = { fontFamily: font() };
    option.tooltip = {
      trigger: 'item', confine: true, transitionDuration: 0, formatter: tip(entry.figure),
      backgroundColor: color('card'), borderColor: color('rule'), textStyle: { color: color('ink'), fontSize: 12 }
    };
    entry.place.style.height = height + 'px';
    if (!entry.chart)
      entry.chart = echarts.init(entry.place, null, { renderer: 'svg', locale: report.lang === 'zh' ? 'ZH' : 'EN' });
    entry.width = width;
    entry.chart.resize({ width: width, height: height, silent: true });
    entry.chart.setOption(option, true);
    entry.chart.getZr().flush();
  }

  /* What goes wrong with one chart is no reason to leave out the others: its table is there. */
  function showAll() {
    charts.forEach(function (entry) {
      try {
        show(entry);
      } catch (problem) {
        console.error('figure ' + entry.figure.number, problem);
      }
    });
  }

  /* Paper has its own width and no dark background: charts are drawn for it before, and for the screen after. */
  function paper(on) {
    root.classList.toggle('paper', on);
    showAll();
  }

  report.figures.forEach(function (figure) {
    if (figure.chart !== 'table')
      charts.push({ figure: figure, place: document.getElementById('chart-' + figure.number), chart: null, width: 0 });
  });
  showAll();
  root.classList.add('drawn');
  window.addEventListener('beforeprint', function () { paper(true); });
  window.addEventListener('afterprint', function () { paper(false); });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', showAll);
  window.addEventListener('resize', function () {
    charts.forEach(function (entry) {
      if (entry.place.clientWidth !== entry.width)
        show(entry);
    });
  });
})();
