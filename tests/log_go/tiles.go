package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const height, width = 8, 256

// tiles reads tiles over HTTP. The tlog package gives each a path of its own; ours is that of c2sp.org/tlog-tiles,
// which leaves out the height and calls the level of the entries "entries".
type tiles struct{ url string }

func (t *tiles) Height() int                     { return height }
func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	read := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := get(t.url, path(tile))
		if err != nil {
			return nil, err
		}
		read[i] = data
	}
	return read, nil
}

func path(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// bundle returns the entries from start on that share a bundle.
func bundle(url string, start, size int64) ([][]byte, error) {
	tile := tlog.Tile{H: height, L: -1, N: start / width, W: width}
	if size-start < width {
		tile.W = int(size - start)
	}
	data, err := get(url, path(tile))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("a bundle ends within an entry")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries, data = append(entries, data[2:end]), data[end:]
	}
	if len(entries) != tile.W {
		return nil, fmt.Errorf("a bundle has %d entries instead of %d", len(entries), tile.W)
	}
	return entries, nil
}

func get(url, path string) ([]byte, error) {
	response, err := http.Get(strings.TrimSuffix(url, "/") + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, response.Status)
	}
	return io.ReadAll(response.Body)
}
