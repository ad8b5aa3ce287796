// Points on the unit sphere, found by how near they are. Not thread-safe, but any number of
// threads may look at once while nothing changes. Owned by a courier_index.
#pragma once

#include <s2/s2point.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace pickup::domain {

/// An octree over the cube around the sphere: it knows no poles and no date line, and is deep
/// only where many points are close together. A look follows the branch it is in and then those
/// that may still hold something nearer, and allocates nothing.
template <class T>
class place_index {
public:
  void add(const S2Point& at, T what) {
    cell here;
    for (; nodes_[here.node].children != 0; here = child_of(here, at))
      ++nodes_[here.node].size;
    auto& leaf = nodes_[here.node];
    leaf.points.push_back({at, what});
    if (++leaf.size > most_in_leaf && here.half > smallest)
      split(here);
  }

  /// Takes out what was added there.
  void remove(const S2Point& at, T what) {
    cell here;
    std::uint32_t too_small = none;
    for (; nodes_[here.node].children != 0; here = child_of(here, at))
      if (--nodes_[here.node].size <= few && too_small == none)
        too_small = here.node;
    auto& leaf = nodes_[here.node];
    std::erase_if(leaf.points, [&](const point& p) { return p.what == what; });
    leaf.size = static_cast<std::uint32_t>(leaf.points.size());
    if (too_small != none)
      merge(too_small);
  }

  /// Visits what is within a chord of `from`, more or less the nearest first. Chords are
  /// squared.
  /// @param visit takes what is there and its chord; answers the limit from then on, which must
  /// not grow
  template <class Visit>
  void search(const S2Point& from, double limit, Visit visit) const {
    search(cell{}, from, S2Point{}, limit, visit);
  }

private:
  static constexpr std::uint32_t none = ~0U;
  static constexpr std::uint32_t most_in_leaf = 8;
  static constexpr std::uint32_t few = most_in_leaf / 2;
  static constexpr double smallest = 1e-9; ///< half a cell: six millimetres

  struct point {
    S2Point at;
    T what;
  };

  struct node {
    std::uint32_t children = 0; ///< the first of eight in a row; 0: a leaf
    std::uint32_t size = 0;     ///< points here and below
    std::vector<point> points;  ///< of a leaf
  };

  /// A node and the cube it stands for.
  struct cell {
    std::uint32_t node = 0;
    S2Point centre;
    double half = 1; ///< of an edge
  };

  // Bit a is set on the upper side of axis a.
  static unsigned octant(const S2Point& at, const S2Point& centre) {
    return (at.x() >= centre.x() ? 1U : 0U) | (at.y() >= centre.y() ? 2U : 0U)
           | (at.z() >= centre.z() ? 4U : 0U);
  }

  cell child(const cell& of, unsigned which) const {
    const auto half = of.half / 2;
    const auto side = [&](unsigned bit) { return (which & bit) != 0 ? half : -half; };
    return {nodes_[of.node].children + which, of.centre + S2Point{side(1), side(2), side(4)},
            half};
  }

  cell child_of(const cell& of, const S2Point& at) const {
    return child(of, octant(at, of.centre));
  }

  void split(const cell& here) {
    if (spare_.empty()) {
      spare_.push_back(static_cast<std::uint32_t>(nodes_.size()));
      nodes_.resize(nodes_.size() + 8);
    }
    const auto first = spare_.back();
    spare_.pop_back();
    for (auto& p : nodes_[here.node].points) {
      auto& to = nodes_[first + octant(p.at, here.centre)];
      to.points.push_back(p);
      ++to.size;
    }
    nodes_[here.node].points = {};
    nodes_[here.node].children = first;
  }

  // Makes a node a leaf again.
  void merge(std::uint32_t into) {
    std::vector<point> all;
    gather(into, all);
    nodes_[into].points = std::move(all);
  }

  void gather(std::uint32_t from, std::vector<point>& all) {
    const auto first = nodes_[from].children;
    if (first == 0) {
      all.insert(all.end(), nodes_[from].points.begin(), nodes_[from].points.end());
      return;
    }
    for (auto n = first; n < first + 8; ++n) {
      gather(n, all);
      nodes_[n] = {};
    }
    nodes_[from].children = 0;
    spare_.push_back(first);
  }

  // `gap` is how far `from` lies outside the cell, along each axis.
  template <class Visit>
  void search(const cell& here, const S2Point& from, const S2Point& gap, double& limit,
              Visit& visit) const {
    const auto& n = nodes_[here.node];
    if (n.children == 0) {
      for (const auto& p : n.points)
        if (const auto chord = (from - p.at).Norm2(); chord <= limit)
          limit = visit(p.what, chord);
      return;
    }
    const auto own = octant(from, here.centre);
    const auto across = (from - here.centre).Abs();
    // By the number of planes between.
    for (const auto flip : {0U, 1U, 2U, 4U, 3U, 5U, 6U, 7U}) {
      if (nodes_[n.children + (own ^ flip)].size == 0)
        continue;
      const S2Point beyond{(flip & 1) != 0 ? across.x() : gap.x(),
                           (flip & 2) != 0 ? across.y() : gap.y(),
                           (flip & 4) != 0 ? across.z() : gap.z()};
      if (beyond.Norm2() <= limit)
        search(child(here, own ^ flip), from, beyond, limit, visit);
    }
  }

  std::vector<node> nodes_{1};
  std::vector<std::uint32_t> spare_; ///< the first of eight in a row each
};

} // namespace pickup::domain
