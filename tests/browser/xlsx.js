// Fills in an empty list as a spreadsheet program would: rows of text below the head of the first sheet.
'use strict';

const zlib = require('node:zlib');

/** The files of a zip: names and contents. */
function unzip(zip) {
  const files = [];
  let at = zip.readUInt32LE(zip.length - 6);
  for (let left = zip.readUInt16LE(zip.length - 12); left > 0; left -= 1) {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(from, from + packed);
    files.push({ name: zip.toString('utf8', at + 46, at + 46 + nameLength), content: method === 0 ? content : zlib.inflateRawSync(content) });
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

/** A zip of files, none of them packed. */
function zip(files) {
  const [parts, directory] = [[], []];
  let offset = 0;
  for (const { name, content } of files) {
    const title = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt32LE(crc32(content), 14);
    head.writeUInt32LE(content.length, 18);
    head.writeUInt32LE(content.length, 22);
    head.writeUInt16LE(title.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    head.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, title);
    parts.push(head, title, content);
    offset += 30 + title.length + content.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, index, end]);
}

/** An empty list with rows in it. */
function filled(template, rows) {
  const files = unzip(template);
  const sheet = files.find((file) => file.name === 'xl/worksheets/sheet1.xml');
  const cell = (text, row, column) => `<c r="${String.fromCharCode(65 + column)}${row}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const lines = rows.map((cells, index) => `<row r="${index + 2}">${cells.map((text, column) => (text ? cell(text, index + 2, column) : '')).join('')}</row>`);
  sheet.content = Buffer.from(sheet.content.toString('utf8').replace('</sheetData>', `${lines.join('')}</sheetData>`));
  return zip(files);
}

module.exports = { filled };
