//! The graph's walks, on small graphs drawn by hand.

use bytes::Bytes;
use oogst_protocol::ids::ChangeHash;

use super::Graph;
use crate::change::{Actor, Change};

fn hash(name: u8) -> ChangeHash {
    ChangeHash([name; 32])
}

fn hashes(names: &[u8]) -> Vec<ChangeHash> {
    names.iter().copied().map(hash).collect()
}

/// A graph of changes named by numbers, each with what it builds on.
fn graph(changes: &[(u8, &[u8])]) -> Graph {
    let mut graph = Graph::default();
    for (name, deps) in changes {
        let change = Change::bare(hash(*name), Actor::new(&[*name]), hashes(deps), Bytes::new());
        graph.add(&change, 0);
    }
    graph
}

/// 1 <- 2 <- 3 <- 5 and 2 <- 4 <- 6, and 7 on both.
fn diamond() -> Graph {
    graph(&[(1, &[]), (2, &[1]), (3, &[2]), (4, &[2]), (5, &[3]), (6, &[4]), (7, &[5, 6])])
}

#[test]
fn heads_are_what_nothing_builds_on() {
    assert_eq!(diamond().heads(), hashes(&[7]));
    let open = graph(&[(1, &[]), (2, &[1]), (3, &[1])]);
    assert_eq!(open.heads(), hashes(&[2, 3]));
    assert!(open.are_heads(&hashes(&[2, 3])) && !open.are_heads(&hashes(&[3])));
}

#[test]
fn only_what_is_durable_is_spoken_of() {
    let mut graph = diamond();
    assert!(graph.durable_heads().is_empty());
    graph.mark_durable(&hashes(&[3, 1, 2]));
    assert_eq!(graph.durable_heads(), hashes(&[3]));
    assert!(graph.is_durable(&hash(3)) && !graph.is_durable(&hash(4)));
    graph.mark_durable(&hashes(&[4, 4, 99]));
    assert_eq!((graph.durable_heads(), graph.durable_len()), (hashes(&[3, 4]), 4));
    assert_eq!(graph.durable_since(&[]), hashes(&[1, 2, 3, 4]));
    assert_eq!(graph.durable_since(&hashes(&[3])), hashes(&[4]));
    // Who knows what is not durable yet lacks nothing below it.
    assert_eq!(graph.durable_since(&hashes(&[7])), hashes(&[]));
}

#[test]
fn what_a_peer_lacks_comes_in_the_order_of_the_log() {
    let mut graph = diamond();
    graph.mark_durable(&hashes(&[1, 2, 3, 4, 5, 6, 7]));
    assert_eq!(graph.durable_since(&hashes(&[7])), hashes(&[]));
    assert_eq!(graph.durable_since(&hashes(&[5])), hashes(&[4, 6, 7]));
    assert_eq!(graph.durable_since(&hashes(&[3, 6])), hashes(&[5, 7]));
    assert_eq!(graph.durable_since(&hashes(&[42])).len(), 7);
}

#[test]
fn ancestors_are_found_over_every_path() {
    let graph = diamond();
    assert!(graph.is_ancestor(&hash(3), &hashes(&[7])));
    assert!(graph.is_ancestor(&hash(4), &hashes(&[4])));
    assert!(!graph.is_ancestor(&hash(4), &hashes(&[5])));
    assert!(!graph.is_ancestor(&hash(9), &hashes(&[7])));
    assert_eq!(graph.deps(&hash(7)), hashes(&[5, 6]));
}

#[test]
fn a_message_that_is_refused_leaves_the_graph_as_it_was() {
    let mut graph = diamond();
    let mark = graph.mark();
    let change = Change::bare(hash(8), Actor::new(&[8]), hashes(&[3]), Bytes::new());
    graph.add(&change, 0);
    assert_eq!(graph.heads(), hashes(&[7, 8]));
    graph.restore(mark);
    assert_eq!((graph.heads(), graph.len()), (hashes(&[7]), 7));
    assert!(!graph.contains(&hash(8)));
}

#[test]
fn changes_whose_hashes_begin_alike_are_told_apart() {
    let alike = |end: u8| ChangeHash(std::array::from_fn(|place| if place < 31 { 7 } else { end }));
    let mut graph = Graph::default();
    let add = |graph: &mut Graph, hash, deps| {
        graph.add(&Change::bare(hash, Actor::new(&[1]), deps, Bytes::new()), 0)
    };
    assert_eq!(add(&mut graph, alike(1), Vec::new()), 0);
    let mark = graph.mark();
    assert_eq!(add(&mut graph, alike(2), vec![alike(1)]), 1);
    assert_eq!(add(&mut graph, alike(3), vec![alike(2)]), 2);
    // So many that they are not among the newest any more.
    for name in 100..120 {
        add(&mut graph, hash(name), vec![alike(3)]);
    }
    let places = |graph: &Graph| [1, 2, 3, 4].map(|end| graph.place(&alike(end)));
    assert_eq!(places(&graph), [Some(0), Some(1), Some(2), None]);
    assert_eq!((graph.place(&hash(100)), graph.place(&hash(119))), (Some(3), Some(22)));
    graph.restore(mark);
    assert_eq!(places(&graph), [Some(0), None, None, None]);
    assert_eq!(add(&mut graph, alike(3), vec![alike(1)]), 1);
    assert_eq!(places(&graph), [Some(0), None, Some(1), None]);
}

#[test]
fn the_walk_costs_the_divergence() {
    let mut changes: Vec<(u8, Vec<u8>)> = vec![(0, vec![])];
    changes.extend((1..200).map(|name| (name, vec![name - 1])));
    let changes: Vec<(u8, &[u8])> = changes.iter().map(|(name, deps)| (*name, &deps[..])).collect();
    let graph = graph(&changes);
    let mut walk = graph.concurrent_with(&hashes(&[196]));
    while walk.next(&graph).is_some() {}
    assert!(walk.steps() <= 4, "{} steps", walk.steps());
}
