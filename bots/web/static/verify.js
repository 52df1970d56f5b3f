// Checks the proof of a signature (c2sp.org/tlog-proof) with the browser's own cryptography. Nothing leaves this page.
"use strict";

const MARK = "c2sp.org/tlog-proof@v1";
const LARGEST = 65536; // bytes; no proof is as large
const ED25519 = 1;
const page = document.getElementById("verify");
const encoder = new TextEncoder();

// What is wrong: the name of one of the sentences on the page.
class Refused extends Error {}

function refuseUnless(condition, verdict) {
  if (!condition) throw new Refused(verdict);
}

function fromBase64(text) {
  refuseUnless(/^[A-Za-z0-9+/]+={0,2}$/.test(text), "damaged");
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    refuseUnless(btoa(String.fromCharCode(...bytes)) === text, "damaged");
    return bytes;
  } catch {
    throw new Refused("damaged");
  }
}

const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const equal = (one, other) => toHex(one) === toHex(other);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

function readHash(line) {
  const hash = fromBase64(line);
  refuseUnless(hash.length === 32, "damaged");
  return hash;
}

// The extra line opens the entry: it is canonical JSON, as the entry itself is.
function readOpening(line) {
  refuseUnless(line.startsWith("extra "), "damaged");
  let opened;
  try {
    opened = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fromBase64(line.slice(6))));
  } catch {
    throw new Refused("damaged");
  }
  const { receipt, salt, text } = opened ?? {};
  refuseUnless(/^[0-9A-Z-]{1,40}$/.test(receipt) && /^[0-9a-f]{64}$/.test(salt) && /^[0-9a-f]{64}$/.test(text), "damaged");
  return { receipt, salt, text };
}

function readProof(file) {
  const end = file.indexOf("\n\n");
  refuseUnless(end > 0, "damaged");
  const [mark, extra, index, ...hashes] = file.slice(0, end).split("\n");
  refuseUnless(mark === MARK && extra !== undefined && /^index (0|[1-9]\d{0,14})$/.test(index ?? ""), "damaged");
  refuseUnless(hashes.length < 64, "damaged");
  const note = file.slice(end + 2);
  return { opened: readOpening(extra), index: Number(index.slice(6)), hashes: hashes.map(readHash), note };
}

// A verifier key, as c2sp.org/signed-note writes it: its name, its id, and its kind with the key itself.
function readKey(line) {
  const [name, id, ...rest] = line.split("+");
  const key = fromBase64(rest.join("+"));
  return { name, id, bytes: key.slice(1), isKnown: key[0] === ED25519 && key.length === 33 };
}

async function isSignedBy(key, text, signature) {
  const imported = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", imported, signature, encoder.encode(text));
}

// The signed text of the checkpoint; refuses one that none of the keys has signed.
async function openNote(note, keys) {
  const end = note.lastIndexOf("\n\n");
  refuseUnless(end > 0 && note.endsWith("\n"), "damaged");
  const text = note.slice(0, end + 1);
  let signed = false;
  for (const line of note.slice(end + 2, -1).split("\n")) {
    const parts = /^\u2014 ([^ +]+) ([^ ]+)$/.exec(line);
    refuseUnless(parts, "damaged");
    const signature = fromBase64(parts[2]);
    const key = keys.find((each) => each.name === parts[1] && each.id === toHex(signature.slice(0, 4)));
    if (!key) continue;
    refuseUnless(await isSignedBy(key, text, signature.slice(4)), "forged");
    signed = true;
  }
  refuseUnless(signed, "other");
  return text;
}

function readCheckpoint(text, keys) {
  const [origin, size, root] = text.split("\n");
  refuseUnless(/^(0|[1-9]\d{0,14})$/.test(size ?? "") && root, "damaged");
  refuseUnless(keys.some((key) => key.name === origin), "other");
  return { size: Number(size), root: readHash(root) };
}

// The root that an inclusion proof leads to (RFC 9162, 2.1.3.2). Divided instead of shifted, since indexes may be large.
async function rootFrom(leaf, index, size, hashes) {
  let [result, place, last] = [leaf, index, size - 1];
  const up = () => { place = Math.floor(place / 2); last = Math.floor(last / 2); };
  for (const sibling of hashes) {
    refuseUnless(last > 0, "missing");
    if (place % 2 === 1 || place === last) {
      result = await sha256([1], sibling, result);
      while (place % 2 === 0 && place !== 0) up();
    } else {
      result = await sha256([1], result, sibling);
    }
    up();
  }
  refuseUnless(last === 0, "missing");
  return result;
}

async function verify(file) {
  const keys = page.dataset.keys.split(" ").map(readKey).filter((key) => key.isKnown);
  const proof = readProof(file);
  const { size, root } = readCheckpoint(await openNote(proof.note, keys), keys);
  const { receipt, salt, text } = proof.opened;
  const hidden = toHex(await sha256(fromHex(salt), encoder.encode(receipt)));
  const entry = JSON.stringify({ kind: "received", receipt: hidden, text });
  refuseUnless(proof.index < size, "missing");
  const leaf = await sha256([0], encoder.encode(entry));
  refuseUnless(equal(await rootFrom(leaf, proof.index, size, proof.hashes), root), "missing");
  const place = `${proof.index.toLocaleString()} / ${size.toLocaleString()}`;
  return { receipt, text, place };
}

// Browsers without Ed25519 throw NotSupportedError; pages without HTTPS have no crypto.subtle at all.
async function canVerify() {
  if (!globalThis.crypto?.subtle) return false;
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1), "Ed25519", false, ["verify"]);
    return true;
  } catch (error) {
    return error.name !== "NotSupportedError" && error.name !== "TypeError";
  }
}

function show(verdict, facts) {
  for (const sentence of page.querySelectorAll("[data-verdict]")) sentence.hidden = sentence.dataset.verdict !== verdict;
  page.querySelector("[data-facts]").hidden = !facts;
  if (!facts) return;
  for (const part of page.querySelectorAll("[data-shows]")) part.textContent = facts[part.dataset.shows];
  const version = page.dataset.texts.split(" ").includes(facts.text) ? "current" : "earlier";
  for (const note of page.querySelectorAll("[data-text]")) note.hidden = note.dataset.text !== version;
}

async function check(chosen) {
  if (!(await canVerify())) return show("unable");
  try {
    refuseUnless(chosen.size <= LARGEST, "damaged");
    const file = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await chosen.arrayBuffer());
    show("valid", await verify(file));
  } catch (error) {
    show(error instanceof Refused ? error.message : "damaged");
  }
}

page.querySelector("[data-without-script]").hidden = true;
const input = document.getElementById("proof");
input.addEventListener("change", () => input.files.length && check(input.files[0]));
canVerify().then((able) => able || show("unable"));
