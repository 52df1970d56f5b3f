-- Reduces a document to what a petition can hold: no pictures, tables, or HTML, and notes that can be found.
local is_page = PANDOC_READER_OPTIONS and PANDOC_STATE.input_files[1]:lower():match("%.html?$") ~= nil -- its title names a page

local function plain(element) return element.content end

local function is_within(link) return link.target:sub(1, 1) == "#" or link.target:find("#_?[%a]*note") end

local RAISED = { ["0"] = "⁰", ["1"] = "¹", ["2"] = "²", ["3"] = "³", ["4"] = "⁴", ["5"] = "⁵", ["6"] = "⁶",
  ["7"] = "⁷", ["8"] = "⁸", ["9"] = "⁹" }

-- Raised digits stay raised, since 40 m² has no note; those in brackets or in a link to a note are certain.
function Superscript(element)
  local words = pandoc.utils.stringify(element)
  if words:match("^[%[(][%divx]+[%])]$") then return pandoc.Str("[" .. words:sub(2, -2) .. "]") end
  if words:match("^%d+$") then return pandoc.Str((words:gsub("%d", RAISED))) end
  if words:match("^[ivx]+$") then return pandoc.Str("[" .. words .. "]") end
  if words:match("^[*†‡]+$") then return pandoc.Str(words) end
  return element.content
end

function Link(element)
  if is_within(element) then
    local words = pandoc.utils.stringify(element):gsub("[%[%]()]", "")
    for digit, raised in pairs(RAISED) do words = words:gsub(raised, digit) end
    if words:match("^%d+$") or words:match("^[ivx]+$") then return pandoc.Str("[" .. words .. "]") end
    return (words:match("%w") and element.content) or {}
  end
  local behind = element.target:match("^https?://www%.google%.com/url%?q=([^&]+)&")
  local decode = function(code) return string.char(tonumber(code, 16)) end
  return pandoc.Link(element.content, behind and behind:gsub("%%(%x%x)", decode) or element.target)
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

-- A number on its own, as blogs write it above the words of a note, belongs to the paragraph below it.
function Blocks(blocks)
  local joined = pandoc.List()
  for _, block in ipairs(blocks) do
    local above = joined[#joined]
    local is_number = above and (above.t == "Para" or above.t == "Plain")
      and pandoc.utils.stringify(above):match("^%[[%divx]+%]$")
    if is_number and (block.t == "Para" or block.t == "Plain") then
      above.content:insert(pandoc.Space())
      above.content:extend(block.content)
    else
      joined:insert(block)
    end
  end
  return joined
end

function Pandoc(document)
  local title = pandoc.utils.stringify(document.meta.title or "")
  local first = document.blocks[1]
  if title ~= "" and not is_page and not (first and pandoc.utils.stringify(first) == title) then
    document.blocks:insert(1, pandoc.Header(1, title))
  end
  document.meta = {}
  return document
end

Strikeout, Underline, SmallCaps, Subscript, Span, Div = plain, plain, plain, plain, plain, plain
function Image() return {} end
function Figure() return {} end
function RawInline() return {} end
function RawBlock() return {} end
function SoftBreak() return pandoc.Space() end
function Header(element) return pandoc.Header(element.level, element.content) end
