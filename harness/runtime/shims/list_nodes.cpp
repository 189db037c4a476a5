// What std::list does to its nodes: libstdc++ has it in the library, without instrumentation, so that a splice under a
// lock that only readers should hold would be an instant at which nobody can look, and no race. Ours do the same, one
// access after another. (GCC's bits/stl_list.h declares them; since GLIBCXX_3.4.15 they are part of its ABI.)
#include "harness/runtime/range_accesses.hpp"
#include "harness/runtime/shims/interpose.hpp"

namespace {

/// As std::__detail::_List_node_base: first members of each node, and of the list.
struct Node {
  Node* next;
  Node* prev;
};

/// Accesses on behalf of the code at `pc`.
class Links {
 public:
  explicit Links(std::uint64_t pc) : pc_(reinterpret_cast<void*>(pc)) {}

  Node* get(Node*& link) const {
    mapquake::runtime::reads(&link, link_bytes, pc_);
    return link;
  }
  void set(Node*& link, Node* to) const {
    mapquake::runtime::writes(&link, link_bytes, pc_);
    link = to;
  }

 private:
  static constexpr std::size_t link_bytes = 8;
  void* pc_;
};

void hook(Node* node, Node* position, Links links) {
  Node* const before = links.get(position->prev);
  links.set(node->next, position);
  links.set(node->prev, before);
  links.set(before->next, node);
  links.set(position->prev, node);
}

void unhook(Node* node, Links links) {
  Node* const next = links.get(node->next);
  Node* const prev = links.get(node->prev);
  links.set(prev->next, next);
  links.set(next->prev, prev);
}

/// [first, last) goes before `position`.
void transfer(Node* position, Node* first, Node* last, Links links) {
  if (position == last) return;
  Node* const before_first = links.get(first->prev);
  Node* const last_moved = links.get(last->prev);
  Node* const before = links.get(position->prev);
  links.set(before_first->next, last);
  links.set(last->prev, before_first);
  links.set(before->next, first);
  links.set(first->prev, before);
  links.set(last_moved->next, position);
  links.set(position->prev, last_moved);
}

void reverse(Node* list, Links links) {
  Node* node = list;
  do {
    Node* const next = links.get(node->next);
    links.set(node->next, links.get(node->prev));
    links.set(node->prev, next);
    node = next;
  } while (node != list);
}

/// The nodes of `from`, which has some, become those of `to`.
void adopt(Node* to, Node first_and_last, Links links) {
  links.set(to->next, first_and_last.next);
  links.set(to->prev, first_and_last.prev);
  links.set(first_and_last.next->prev, to);
  links.set(first_and_last.prev->next, to);
}

void make_empty(Node* list, Links links) {
  links.set(list->next, list);
  links.set(list->prev, list);
}

void swap(Node* one, Node* other, Links links) {
  const Node of_one{links.get(one->next), links.get(one->prev)};
  const Node of_other{links.get(other->next), links.get(other->prev)};
  of_other.next == other ? make_empty(one, links) : adopt(one, of_other, links);
  of_one.next == one ? make_empty(other, links) : adopt(other, of_one, links);
}

}  // namespace

MQ_INTERPOSED void list_hook(Node*, Node*) noexcept __asm__("_ZNSt8__detail15_List_node_base7_M_hookEPS0_");
MQ_INTERPOSED void list_unhook(Node*) noexcept __asm__("_ZNSt8__detail15_List_node_base9_M_unhookEv");
MQ_INTERPOSED void list_transfer(Node*, Node*, Node*) noexcept
    __asm__("_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_");
MQ_INTERPOSED void list_reverse(Node*) noexcept __asm__("_ZNSt8__detail15_List_node_base10_M_reverseEv");
MQ_INTERPOSED void list_swap(Node&, Node&) noexcept __asm__("_ZNSt8__detail15_List_node_base4swapERS0_S1_");

void list_hook(Node* node, Node* position) noexcept {
  hook(node, position, Links(MQ_CALLER));
}

void list_unhook(Node* node) noexcept {
  unhook(node, Links(MQ_CALLER));
}

void list_transfer(Node* position, Node* first, Node* last) noexcept {
  transfer(position, first, last, Links(MQ_CALLER));
}

void list_reverse(Node* list) noexcept {
  reverse(list, Links(MQ_CALLER));
}

void list_swap(Node& one, Node& other) noexcept {
  swap(&one, &other, Links(MQ_CALLER));
}
