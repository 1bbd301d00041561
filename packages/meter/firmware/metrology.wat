;; The metrology firmware of the virtual meters. Interface: docs/reference/firmware.md. Two words are filled in when it is assembled
;; (generate.ts): @version@, and @sign@, the instruction that version 1 should not have.
(module
  (import "board" "memory" (memory 1))
  (global (export "abi") i32 (i32.const 1))
  (global (export "version") i32 (i32.const @version@))
  (global (export "stateLength") i32 (i32.const 384))

  ;; Adds to count number $index what lasted $seconds: whole milliwatt-hours go out, the rest stays in the state for the next step.
  (func $count (param $outputs i32) (param $index i32) (param $power f64) (param $seconds f64)
    (local $place i32) (local $total f64) (local $whole f64)
    (local.set $place (i32.shl (local.get $index) (i32.const 3)))
    (local.set $total (f64.add (f64.load (local.get $place)) (f64.div (f64.mul (local.get $power) (local.get $seconds)) (f64.const 3.6))))
    (local.set $whole (f64.floor (local.get $total)))
    (f64.store (local.get $place) (f64.sub (local.get $total) (local.get $whole)))
    (f64.store (i32.add (local.get $outputs) (local.get $place)) (local.get $whole)))

  ;; The twelve counts of one segment from active and reactive power: by quadrant, active, reactive, apparent.
  (func $segment (param $outputs i32) (param $first i32) (param $active f64) (param $reactive f64) (param $seconds f64)
    (local $at i32)
    (if (f64.eq (f64.add (f64.abs (local.get $active)) (f64.abs (local.get $reactive))) (f64.const 0)) (then (return)))
    (local.set $at (i32.add (local.get $first)
      (select
        (select (i32.const 3) (i32.const 0) (f64.lt (local.get $reactive) (f64.const 0)))
        (select (i32.const 2) (i32.const 1) (f64.lt (local.get $reactive) (f64.const 0)))
        (f64.ge (local.get $active) (f64.const 0)))))
    (call $count (local.get $outputs) (local.get $at) (f64.abs (local.get $active)) (local.get $seconds))
    (call $count (local.get $outputs) (i32.add (local.get $at) (i32.const 4)) (f64.abs (local.get $reactive)) (local.get $seconds))
    (call $count (local.get $outputs) (i32.add (local.get $at) (i32.const 8))
      (f64.sqrt (f64.add (f64.mul (local.get $active) (local.get $active)) (f64.mul (local.get $reactive) (local.get $reactive))))
      (local.get $seconds)))

  ;; Steps lie at 1024, 112 octets each; their counts at 16384, 392 octets each.
  (func (export "measure") (param $steps i32) (result i32)
    (local $step i32) (local $in i32) (local $out i32) (local $phase i32) (local $at i32)
    (local $apparent f64) (local $active f64) (local $reactive f64) (local $sumActive f64) (local $sumReactive f64)
    (local.set $in (i32.const 1024))
    (local.set $out (i32.const 16384))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $step) (local.get $steps)))
        (local.set $sumActive (f64.const 0))
        (local.set $sumReactive (f64.const 0))
        (local.set $phase (i32.const 0))
        (loop $phases
          (local.set $at (i32.add (local.get $in) (i32.shl (local.get $phase) (i32.const 3))))
          (local.set $apparent (f64.mul (f64.load offset=8 (local.get $at)) (f64.load offset=32 (local.get $at))))
          (local.set $active (@sign@ (f64.mul (local.get $apparent) (f64.load offset=56 (local.get $at)))))
          (local.set $reactive (f64.mul (local.get $apparent) (f64.load offset=80 (local.get $at))))
          (local.set $sumActive (f64.add (local.get $sumActive) (local.get $active)))
          (local.set $sumReactive (f64.add (local.get $sumReactive) (local.get $reactive)))
          (call $segment (local.get $out) (i32.mul (i32.add (local.get $phase) (i32.const 1)) (i32.const 12))
            (local.get $active) (local.get $reactive) (f64.load (local.get $in)))
          (local.set $phase (i32.add (local.get $phase) (i32.const 1)))
          (br_if $phases (i32.lt_u (local.get $phase) (i32.const 3))))
        (call $segment (local.get $out) (i32.const 0) (local.get $sumActive) (local.get $sumReactive) (f64.load (local.get $in)))
        (f64.store offset=384 (local.get $out) (f64.load offset=104 (local.get $in)))
        (local.set $in (i32.add (local.get $in) (i32.const 112)))
        (local.set $out (i32.add (local.get $out) (i32.const 392)))
        (local.set $step (i32.add (local.get $step) (i32.const 1)))
        (br $each)))
    (local.get $step)))
