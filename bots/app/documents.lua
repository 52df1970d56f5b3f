-- Reduces a document to what a petition can hold: no pictures, tables, or HTML, and notes that can be found.
local function plain(element) return element.content end

local function is_within(link) return link.target:sub(1, 1) == "#" or link.target:find("#_?[%a]*note") end

function Superscript(element)
  local words = pandoc.utils.stringify(element):gsub("[%[%]()]", "")
  if words:match("^%d+$") or words:match("^[ivx]+$") then return pandoc.Str("[" .. words .. "]") end
  if words:match("^[*†‡]+$") then return pandoc.Str(words) end
  return element.content
end

function Link(element)
  if is_within(element) then
    local words = pandoc.utils.stringify(element)
    return (words:match("%w") and element.content) or {}
  end
  return pandoc.Link(element.content, element.target)
end

local function row_item(row)
  local cells = {}
  for _, cell in ipairs(row.cells) do
    local words = pandoc.utils.stringify(cell.contents)
    if words ~= "" then table.insert(cells, words) end
  end
  return { pandoc.Plain({ pandoc.Str(table.concat(cells, ", ")) }) }
end

function Table(element)
  local items = {}
  for _, row in ipairs(element.head.rows) do table.insert(items, row_item(row)) end
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.body) do table.insert(items, row_item(row)) end
  end
  return pandoc.BulletList(items)
end

function Pandoc(document)
  local title = pandoc.utils.stringify(document.meta.title or "")
  local first = document.blocks[1]
  if title ~= "" and not (first and pandoc.utils.stringify(first) == title) then
    document.blocks:insert(1, pandoc.Header(1, title))
  end
  document.meta = {}
  return document
end

Strikeout, Underline, SmallCaps, Subscript, Span, Div = plain, plain, plain, plain, plain, plain
function Image() return {} end
function RawInline() return {} end
function RawBlock() return {} end
function SoftBreak() return pandoc.Space() end
function Header(element) return pandoc.Header(element.level, element.content) end
