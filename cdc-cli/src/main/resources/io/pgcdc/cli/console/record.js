// A change's record as text. It is never printed from parsed numbers: JavaScript would round a bigint.

/** Of a longer record only the beginning is kept. */
const LONGEST = 64_000;
const INDENT = '  ';

/** Returns what a row of the tail shows, from a line `{"change":{...}}`. */
export function read(line) {
  const record = JSON.parse(line).change;
  const raw = line.slice(line.indexOf(':') + 1, line.lastIndexOf('}'));
  const kind = (record.change_type ?? 'change').toLowerCase();
  return {
    at: new Date(record.changed_at),
    changedAt: record.changed_at ?? '',
    kind,
    table: record.table_name == null ? (record.prefix ?? '') : `${record.schema_name}.${record.table_name}`,
    key: key(record.record_id),
    gist: gist(kind, record, raw),
    raw: raw.length > LONGEST ? raw.slice(0, LONGEST) : raw,
    cut: raw.length > LONGEST ? raw.length : 0,
  };
}

function key(id) {
  if (id == null) return '';
  return typeof id === 'object' ? JSON.stringify(id) : String(id);
}

/** Returns the change in one line. */
function gist(kind, record, raw) {
  if (kind === 'update' && record.changed_fields) return record.changed_fields.join(', ');
  if (kind === 'message') return String(record.content ?? record.content_base64 ?? '').slice(0, 200);
  const data = raw.indexOf(record.new_data ? '"new_data":{' : '"old_data":{');
  return data < 0 ? '' : raw.slice(raw.indexOf('{', data), data + 200);
}

/** Returns JSON text with line breaks and indents, each token as it was. */
export function pretty(json) {
  let out = '';
  let depth = 0;
  const line = () => '\n' + INDENT.repeat(depth);
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"?|\{\s*\}|\[\s*\]|[{}[\],:]|[^\s{}[\],:"]+/gs)) {
    if (token === '{' || token === '[') {
      depth++;
      out += token + line();
    } else if (token === '}' || token === ']') {
      depth--;
      out += line() + token;
    } else if (token === ',') {
      out += ',' + line();
    } else {
      out += token === ':' ? ': ' : token;
    }
  }
  return out;
}
