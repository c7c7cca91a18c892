package io.tandem.persistence.proof;

import io.tandem.persistence.journal.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tree of RFC 9162 section 2.1 over leaves that come one after the other.
 *
 * <p>Keeps no leaves: only the roots of the whole subtrees so far (one a bit of the size), and
 * those inner nodes that were asked for before their leaves came. So proofs over any number of
 * events are made in one pass and little memory.
 */
public final class MerkleTree {

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  /** A whole subtree: {@code 2^level} leaves, the first of them {@code index * 2^level}. */
  private record Node(int level, long index) {}

  private final List<Hash> frontier;
  private final Map<Node, Hash> wanted = new HashMap<>();
  private long size;

  /** A tree without leaves. */
  public MerkleTree() {
    this(0, List.of());
  }

  /**
   * A tree to be gone on with.
   *
   * @param frontier roots of its whole subtrees, the largest first, as {@link #frontier} gave them
   */
  public MerkleTree(long size, List<Hash> frontier) {
    if (size < 0 || Long.bitCount(size) != frontier.size()) {
      throw new IllegalArgumentException(
          "a tree of " + size + " leaves has " + Long.bitCount(size) + " whole subtrees");
    }
    this.size = size;
    this.frontier = new ArrayList<>(frontier);
  }

  /** {@code HASH(0x00 || bytes)}. */
  public static Hash leaf(byte[] bytes) {
    byte[] prefixed = new byte[bytes.length + 1];
    prefixed[0] = LEAF;
    System.arraycopy(bytes, 0, prefixed, 1, bytes.length);
    return Hash.of(prefixed);
  }

  /** {@code HASH(0x01 || left || right)}. */
  static Hash node(Hash left, Hash right) {
    byte[] prefixed = new byte[1 + 2 * Hash.BYTES];
    prefixed[0] = NODE;
    System.arraycopy(left.toBytes(), 0, prefixed, 1, Hash.BYTES);
    System.arraycopy(right.toBytes(), 0, prefixed, 1 + Hash.BYTES, Hash.BYTES);
    return Hash.of(prefixed);
  }

  /** Takes the next leaf, given as its {@link #leaf} hash. */
  public void add(Hash leaf) {
    Hash hash = leaf;
    long index = size;
    int level = 0;
    keep(level, index, hash);
    while ((index & 1) == 1) {
      hash = node(frontier.removeLast(), hash);
      index >>= 1;
      level++;
      keep(level, index, hash);
    }
    frontier.add(hash);
    size++;
  }

  private void keep(int level, long index, Hash hash) {
    if (!wanted.isEmpty()) {
      wanted.computeIfPresent(new Node(level, index), (node, before) -> hash);
    }
  }

  /** How many leaves there are. */
  public long size() {
    return size;
  }

  /** The roots of the whole subtrees, the largest first. */
  public List<Hash> frontier() {
    return List.copyOf(frontier);
  }

  /** The root; the hash of nothing for a tree without leaves. */
  public Hash root() {
    return root(frontier);
  }

  private static Hash root(List<Hash> subtrees) {
    if (subtrees.isEmpty()) {
      return Hash.of(new byte[0]);
    }
    Hash root = subtrees.getLast();
    for (int i = subtrees.size() - 2; i >= 0; i--) {
      root = node(subtrees.get(i), root);
    }
    return root;
  }

  /**
   * Asks for what an inclusion proof takes; to be said before the leaves come.
   *
   * @param index of the leaf, from 0
   * @param of the size of the tree it is to be proven in
   */
  public void wantInclusion(long index, long of) {
    inclusionRanges(index, of).forEach(this::want);
  }

  /** Asks for what a consistency proof takes; to be said before the leaves come. */
  public void wantConsistency(long earlier, long later) {
    consistencyRanges(earlier, later).forEach(this::want);
  }

  /** The inclusion path of RFC 9162 section 2.1.3.1, from the leaf's neighbour up. */
  public List<Hash> inclusion(long index, long of) {
    return inclusionRanges(index, of).stream().map(this::rootOf).toList();
  }

  /** The consistency path of RFC 9162 section 2.1.4.1. */
  public List<Hash> consistency(long earlier, long later) {
    return consistencyRanges(earlier, later).stream().map(this::rootOf).toList();
  }

  /** Leaves from one up to, and without, another. */
  private record Range(long from, long to) {}

  private static List<Range> inclusionRanges(long index, long of) {
    if (index < 0 || index >= of) {
      throw new IllegalArgumentException("no leaf " + index + " in a tree of " + of);
    }
    List<Range> path = new ArrayList<>();
    long from = 0;
    long to = of;
    while (to - from > 1) {
      long middle = from + Long.highestOneBit(to - from - 1);
      if (index < middle) {
        path.addFirst(new Range(middle, to));
        to = middle;
      } else {
        path.addFirst(new Range(from, middle));
        from = middle;
      }
    }
    return path;
  }

  private static List<Range> consistencyRanges(long earlier, long later) {
    if (earlier < 1 || earlier > later) {
      throw new IllegalArgumentException("from " + earlier + " leaves to " + later);
    }
    List<Range> path = new ArrayList<>();
    long from = 0;
    long to = later;
    boolean whole = true; // what is left is the whole earlier tree: its root is known already
    while (earlier < to) {
      long middle = from + Long.highestOneBit(to - from - 1);
      if (earlier <= middle) {
        path.addFirst(new Range(middle, to));
        to = middle;
      } else {
        path.addFirst(new Range(from, middle));
        from = middle;
        whole = false;
      }
    }
    if (!whole) {
      path.addFirst(new Range(from, to));
    }
    return path;
  }

  private void want(Range range) {
    for (Node node : subtrees(range)) {
      if ((node.index() << node.level()) < size) {
        throw new IllegalStateException("the leaves have come already");
      }
      wanted.putIfAbsent(node, Hash.NONE);
    }
  }

  private Hash rootOf(Range range) {
    List<Hash> roots = new ArrayList<>();
    for (Node node : subtrees(range)) {
      Hash known = wanted.getOrDefault(node, Hash.NONE);
      if (known.equals(Hash.NONE)) {
        throw new IllegalStateException("not asked for, or its leaves have not come: " + range);
      }
      roots.add(known);
    }
    return root(roots);
  }

  /** The whole subtrees that a range of the tree is made of, from left to right. */
  private static List<Node> subtrees(Range range) {
    List<Node> nodes = new ArrayList<>();
    long from = range.from();
    while (from < range.to()) {
      long length = Long.highestOneBit(range.to() - from);
      if (from != 0) {
        length = Math.min(length, Long.lowestOneBit(from));
      }
      int level = Long.numberOfTrailingZeros(length);
      nodes.add(new Node(level, from >> level));
      from += length;
    }
    return nodes;
  }

  /** Whether a path proves a leaf to be at an index of a tree (RFC 9162 section 2.1.3.2). */
  public static boolean includes(Hash root, long size, long index, Hash leaf, List<Hash> path) {
    if (index < 0 || index >= size) {
      return false;
    }
    long fn = index;
    long sn = size - 1;
    Hash r = leaf;
    for (Hash p : path) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        r = node(p, r);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        r = node(r, p);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && r.equals(root);
  }

  /** Whether a path proves one tree to begin with another (RFC 9162 section 2.1.4.2). */
  public static boolean extendsTree(
      Hash firstRoot, long first, Hash secondRoot, long second, List<Hash> path) {
    if (first < 1 || first > second) {
      return false;
    }
    if (first == second) {
      return path.isEmpty() && firstRoot.equals(secondRoot);
    }
    List<Hash> steps = new ArrayList<>(path);
    if (Long.bitCount(first) == 1) {
      steps.addFirst(firstRoot);
    }
    if (steps.isEmpty()) {
      return false;
    }
    long fn = first - 1;
    long sn = second - 1;
    while ((fn & 1) == 1) {
      fn >>= 1;
      sn >>= 1;
    }
    Hash fr = steps.getFirst();
    Hash sr = fr;
    for (Hash c : steps.subList(1, steps.size())) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        fr = node(c, fr);
        sr = node(c, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        sr = node(sr, c);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && fr.equals(firstRoot) && sr.equals(secondRoot);
  }

  @Override
  public String toString() {
    return size + " leaves under " + root();
  }
}
