package io.tandem.persistence.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.journal.Hash;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

  /** Leaves and roots of the reference tests of Certificate Transparency. */
  private static final List<String> LEAVES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  private static final List<String> ROOTS =
      List.of(
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  private static final int MOST = 40;

  private static Hash leaf(int i) {
    return MerkleTree.leaf(new byte[] {(byte) i, 7});
  }

  private static MerkleTree treeOf(int size) {
    MerkleTree tree = new MerkleTree();
    IntStream.range(0, size).forEach(i -> tree.add(leaf(i)));
    return tree;
  }

  @Test
  void roots_are_those_of_the_reference_tests_also_after_going_on_from_a_frontier() {
    MerkleTree tree = new MerkleTree();
    assertThat(tree.root())
        .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (int i = 0; i < LEAVES.size(); i++) {
      tree = new MerkleTree(tree.size(), tree.frontier());
      tree.add(MerkleTree.leaf(HexFormat.of().parseHex(LEAVES.get(i))));
      assertThat(tree.root()).hasToString(ROOTS.get(i));
    }
  }

  @Test
  void every_leaf_of_every_tree_is_proven_and_no_other_in_its_place() {
    for (int size = 1; size <= MOST; size++) {
      MerkleTree tree = new MerkleTree();
      for (int i = 0; i < size; i++) {
        tree.wantInclusion(i, size);
      }
      IntStream.range(0, size).forEach(i -> tree.add(leaf(i)));
      for (int i = 0; i < size; i++) {
        List<Hash> path = tree.inclusion(i, size);
        assertThat(MerkleTree.includes(tree.root(), size, i, leaf(i), path)).isTrue();
        assertThat(MerkleTree.includes(tree.root(), size, i, leaf(size), path)).isFalse();
        assertThat(MerkleTree.includes(leaf(0), size, i, leaf(i), path)).isEqualTo(size == 1);
        for (int other = 0; other < size; other++) {
          if (other != i) {
            assertThat(MerkleTree.includes(tree.root(), size, other, leaf(i), path)).isFalse();
          }
        }
        for (int cut = 0; cut < path.size(); cut++) {
          List<Hash> shorter = new ArrayList<>(path);
          shorter.remove(cut);
          assertThat(MerkleTree.includes(tree.root(), size, i, leaf(i), shorter)).isFalse();
        }
      }
    }
  }

  @Test
  void every_tree_is_proven_to_begin_with_each_before_it_and_with_no_other() {
    for (int later = 1; later <= MOST; later++) {
      MerkleTree tree = new MerkleTree();
      for (int earlier = 1; earlier <= later; earlier++) {
        tree.wantConsistency(earlier, later);
      }
      IntStream.range(0, later).forEach(i -> tree.add(leaf(i)));
      for (int earlier = 1; earlier <= later; earlier++) {
        Hash first = treeOf(earlier).root();
        List<Hash> path = tree.consistency(earlier, later);
        assertThat(MerkleTree.extendsTree(first, earlier, tree.root(), later, path)).isTrue();
        assertThat(MerkleTree.extendsTree(leaf(99), earlier, tree.root(), later, path)).isFalse();
        assertThat(MerkleTree.extendsTree(first, earlier, leaf(99), later, path)).isFalse();
        for (int cut = 0; cut < path.size(); cut++) {
          List<Hash> shorter = new ArrayList<>(path);
          shorter.remove(cut);
          assertThat(MerkleTree.extendsTree(first, earlier, tree.root(), later, shorter)).isFalse();
        }
      }
    }
  }
}
